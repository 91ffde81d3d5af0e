"""The ways a message leaves: one file per transport, each `send(delivery)`."""
TRANSPORTS: dict = {}
