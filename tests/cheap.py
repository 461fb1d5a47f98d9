"""What is dear on purpose, made cheap for tests."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """The hash of the house with next to no memory and time."""

    time_cost, memory_cost, parallelism = 1, 8, 1
