"""People's accounts: signing in and out, links and tokens, and the record of it that nobody can change unseen.

Pure: time and chance are passed in. The parts, each with its port to the store in records.py:

signing.py    sign in, change the password, sessions          Signing
links.py      one-time links: first admin, invitation, reset  Links
people.py     who there is, what they may                     People
outside.py    people of an OpenID provider                    Outside
tokens.py     API tokens                                      Tokens
audit.py      the chain of what was done                      Audit (a port), Entry, first_break
service.py    all of them, assembled                          Accounts
"""
