"""Which computer may speak for which school: one-time codes, certificates, renewals, revocation. Pure."""
