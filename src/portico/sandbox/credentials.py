"""The demo credentials that the sandbox accepts; they open nothing but made-up data."""

PRACTICE_TOKEN = "sandbox-token"  # noqa: S105 - a published demo credential
PRACTICE_READ_TOKEN = "sandbox-read-token"  # noqa: S105 - a published demo credential
PARTICLE_CLIENT_ID = "sandbox-client"
PARTICLE_CLIENT_SECRET = "sandbox-secret"  # noqa: S105 - a published demo credential
PARTICLE_SCOPE = "projects/demo"
CONNECTIVE_API_KEY = "sandbox-key"
HEIDI_API_KEY = "sandbox-heidi-key"
