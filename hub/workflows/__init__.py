"""The office's work as data: definitions of workflows, and the one engine that takes requests through them. Pure."""
