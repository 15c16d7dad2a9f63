"""The hub's vocabulary: frozen values that the features exchange. Pure; imports wire only."""
