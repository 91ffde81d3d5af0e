"""Domain: what kind of problem it is."""

from __future__ import annotations

from django.db import models


class Domain(models.TextChoices):
    NETWORK = "network", "Network"
    IDENTITY = "identity", "Identity"
    EMAIL = "email", "Email"
    ENDPOINT = "endpoint", "Endpoint"
    SERVER = "server", "Server"
    CLOUD = "cloud", "Cloud"
    SECURITY = "security", "Security"
    PRINTING = "printing", "Printing"
    LINE_OF_BUSINESS = "line_of_business", "Line of business"
    OTHER = "other", "Other"
