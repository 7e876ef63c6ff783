"""Configuration: the embedded services, health, security, what production must be told."""
