"""The tables; everything but the schema's version and the secret belongs to a connection."""

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
)

SCHEMA_VERSION = 1

metadata = MetaData()

_KEY = String().with_variant(String(collation="C"), "postgresql")
"""Text that sorts by code points, as SQLite's does anyway."""

schema_version = Table(
    "portico_schema", metadata, Column("version", Integer, primary_key=True, autoincrement=False)
)

secret = Table(
    "secret",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

snapshot = Table(
    "snapshot",
    metadata,
    Column("connection", String, primary_key=True),
    Column("vendor_object", String, primary_key=True),
    Column("key", _KEY, primary_key=True),
    Column("record", LargeBinary, nullable=False),
    Column("correlation_id", String),
)

snapshot_entry = Table(
    "snapshot_entry",
    metadata,
    Column("connection", String, primary_key=True),
    Column("vendor_object", String, primary_key=True),
    Column("key", _KEY, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("resource_type", String, nullable=False),
    Column("logical_id", String, nullable=False),
    ForeignKeyConstraint(
        ["connection", "vendor_object", "key"],
        ["snapshot.connection", "snapshot.vendor_object", "snapshot.key"],
        ondelete="CASCADE",
    ),
    Index("snapshot_entry_id", "connection", "resource_type", "logical_id"),
)
