"""The web's third-party assets: fetched from the npm registry by lock file, copied beside the pages, never committed."""
