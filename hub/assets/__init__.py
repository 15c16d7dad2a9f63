"""What may be written into the register of assets: fields as text, lists that are taken over, agents that know better. Pure."""
