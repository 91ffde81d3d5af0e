"""A JSON field encrypted at rest with keys from the environment."""
from django.db import models
class EncryptedJSONField(models.TextField):
    """placeholder"""
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
