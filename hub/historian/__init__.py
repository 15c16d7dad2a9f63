"""Long history: every value to a server that takes InfluxDB's line protocol (InfluxDB 2 and 3, VictoriaMetrics)."""
