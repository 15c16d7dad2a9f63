"""From findings to repair tickets with evidence, and what people do with them."""
