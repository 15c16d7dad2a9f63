"""MQTT: the hub as a Sparkplug host application, and the broker that it can bring along."""
