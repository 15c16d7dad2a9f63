"""Commands with a work of their own, one module each; agent.__main__ says which words call them."""
