"""Tables. Keep the register of assets: what each is, its parts, its moves, and every change."""
