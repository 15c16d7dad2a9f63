"""The hub's own certificate authority: the only place of the hub that knows cryptography. What it certifies, others decide."""
