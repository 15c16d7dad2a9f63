"""The routes, one module per page or kind of resource. Each offers `router(site)`; factory.py mounts them."""
