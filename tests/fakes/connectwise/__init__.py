"""A ConnectWise PSA over a real socket: it refuses what the vendor's documents refuse, and misbehaves as documented."""

from tests.fakes.connectwise.records import TICKET
from tests.fakes.connectwise.server import CLIENT_ID, COMPANY, CREDENTIALS, PRIVATE, PUBLIC, ConnectWise

__all__ = ["CLIENT_ID", "COMPANY", "CREDENTIALS", "PRIVATE", "PUBLIC", "TICKET", "ConnectWise"]
