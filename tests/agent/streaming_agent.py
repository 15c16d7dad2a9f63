"""The agent with a television that says something new every few milliseconds: BROKER JOURNAL HOST_ID EVERY_MS [GROUP NODE].

Everything but the polling is the agent's own; what the set reports is the number of its report, so that a test can tell whether
every report arrived once and as it was. The numbers go on where the journal ended.
"""

import signal
import sys
import threading
import time
from pathlib import Path

from agent.adapters.paho_broker import Habits, PahoBroker, Trust
from agent.adapters.sqlite_journal import SqliteJournal
from agent.adapters.system_clock import SystemClock
from agent.core.address import BrokerAddress
from agent.core.backlog import Backlog
from agent.core.births import Births
from agent.core.readings import Equipment, Poll
from agent.core.report import Reporter
from agent.core.servers import Servers
from agent.core.session import Session
from agent.core.voice import Voice
from agent.services.commanding import Commanding
from agent.services.inbox import Inbox
from agent.services.journalling import Journalling
from agent.services.publishing import Item, Parts, Publishing, StopAsked

TV = Equipment("p1-tv", "tv", "p1", "lg/rs232", ("device/reachable", "panel/hours"))
HOST = Equipment(None, "computer", None, "host/linux", ("host/uptime_s",))


def main(
    brokers: str, journal_folder: str, host_id: str, every_ms: str, group: str = "cpm3", node: str = "36010001"
) -> None:
    clock, inbox = SystemClock(), Inbox[Item]()
    journal = SqliteJournal(Path(journal_folder), clock.utc_ms())
    marks = journal.marks()
    addresses = [BrokerAddress.parse(url) for url in brokers.split(",")]
    broker = PahoBroker(addresses, Habits(f"dltv-{group}-{node}", 5, Trust()), inbox.put)
    births, backlog = Births([HOST, TV]), Backlog(marks, per_second=500)
    session = Session(
        host_id or None,
        births=births,
        voice=Voice(group, node, births, backlog.marks),
        backlog=backlog,
        servers=Servers(len(addresses), lambda: 0.5),
        bd_seq=marks.bd_seq,
    )
    journalling = Journalling(journal, 100)
    commanding = Commanding(lambda: inbox.put(Poll(None, clock.utc_ms(), {"host/uptime_s": 1})))
    publishing = Publishing(Parts(session, journalling, broker, Reporter({}), commanding, clock, inbox))
    signal.signal(signal.SIGTERM, lambda *_: inbox.interrupt(StopAsked()))
    threading.Thread(target=talk, args=(inbox, clock, marks.newest, int(every_ms)), daemon=True).start()
    publishing.run()
    inbox.close()
    publishing.finish()
    broker.close(1.0)
    journal.close()


def talk(inbox: Inbox[Item], clock: SystemClock, newest: int, every_ms: int) -> None:
    inbox.put(Poll(None, clock.utc_ms(), {}))
    while True:
        newest += 1
        inbox.put(Poll("p1-tv", clock.utc_ms(), {"device/reachable": True, "panel/hours": newest}))
        time.sleep(every_ms / 1000)


if __name__ == "__main__":
    main(*sys.argv[1:])
