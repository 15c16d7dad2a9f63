"""What an agent and a hub both speak: Sparkplug B 3.0, narrowed by the telemetry contract.

Pure: standard library and protobuf only.
"""
