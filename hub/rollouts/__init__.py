"""Roll-outs: something new reaches the computers of a group in waves, and stops by itself where it does harm.

Pure: what happened comes in as events, what is to happen goes out as events (docs/adr/0017). Who keeps them, sends the commands
and hears the answers is not known here.
"""
