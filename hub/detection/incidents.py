"""Groups what belongs together into incidents: the same cause, at schools near each other, at nearly the same time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hub.core.findings import Incident


@dataclass(slots=True)
class Member:
    """Since when and until when a school was part of it. `open_spans`: what of it still lasts there, by key."""

    start: int
    end: int | None
    open_spans: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """An incident in the making."""

    cause: str
    start: int
    members: dict[str, Member] = field(default_factory=dict)
    last_end: int | None = None

    @property
    def runs(self) -> bool:
        return any(member.open_spans for member in self.members.values())


@dataclass(slots=True)
class Incidents:
    """The incidents of a district that may still grow, by key; `changed` are to be told."""

    groups: dict[str, Group] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)

    def begin(
        self, cause: str, school: str, span: str, start: int, *, gap_ms: int, near: Callable[[str, str], bool]
    ) -> None:
        """At `school`, the `span` of this cause lasts since `start`. Told again, it changes nothing."""
        key = self._where(span, cause) or self._joined(cause, school, start, gap_ms, near)
        if key is None:
            key = f"{cause}:{school}:{start}"
            self.groups[key] = Group(cause, start)
        group = self.groups[key]
        member = group.members.setdefault(school, Member(start, None))
        if span in member.open_spans:
            return
        member.open_spans.append(span)
        member.start, member.end = min(member.start, start), None
        group.start, group.last_end = min(group.start, start), None
        self._mark(key)

    def end(self, span: str, end: int) -> None:
        """The span is over since `end`."""
        for key, group in self.groups.items():
            for member in group.members.values():
                if span in member.open_spans:
                    member.open_spans.remove(span)
                    member.end = end if not member.open_spans else None
                    if not group.runs:
                        group.last_end = max(each.end or end for each in group.members.values())
                    self._mark(key)

    def retract(self, span: str) -> None:
        """The span turned out to be something else."""
        for key, group in self.groups.items():
            for school, member in list(group.members.items()):
                if span in member.open_spans:
                    member.open_spans.remove(span)
                    if not member.open_spans:
                        del group.members[school]
                    if not group.runs and group.members:
                        group.last_end = max(each.end or each.start for each in group.members.values())
                    self._mark(key)

    def most_back(self, span: str) -> int | None:
        """When most schools of the incident of this span were through with it; None while they are not."""
        for group in self.groups.values():
            if any(span in member.open_spans for member in group.members.values()):
                ends = sorted(member.end for member in group.members.values() if member.end is not None)
                return ends[-1] if len(ends) * 2 > len(group.members) else None
        return None

    def tell(self, district: str, t: int, keep_ms: int) -> Iterator[Incident]:
        """What changed. What ended longer than `keep_ms` ago grows no more and is let go."""
        for key in self.changed:
            group = self.groups[key]
            schools = {code: (each.start, each.end) for code, each in sorted(group.members.items())}
            end = None if group.runs else group.last_end if group.members else group.start
            yield Incident(district, key, group.cause, group.start, end, schools)
        self.changed.clear()
        for key in [
            key for key, each in self.groups.items() if not each.runs and (each.last_end or each.start) < t - keep_ms
        ]:
            del self.groups[key]

    def _where(self, span: str, cause: str) -> str | None:
        return next(
            (
                key
                for key, group in self.groups.items()
                if group.cause == cause and any(span in member.open_spans for member in group.members.values())
            ),
            None,
        )

    def _joined(self, cause: str, school: str, start: int, gap_ms: int, near: Callable[[str, str], bool]) -> str | None:
        for key, group in self.groups.items():
            if group.cause != cause or start < group.start - gap_ms:
                continue
            if group.last_end is not None and start > group.last_end + gap_ms:
                continue
            if not group.members or any(code == school or near(school, code) for code in group.members):
                return key
        return None

    def _mark(self, key: str) -> None:
        if key not in self.changed:
            self.changed.append(key)
