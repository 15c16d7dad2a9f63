"""The agent's edges: foreign libraries behind ports, foreign errors made ours."""
