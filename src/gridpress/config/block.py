"""What every mapping in a file of the user's has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Block(BaseModel):
    """A mapping in a YAML file: unknown keys and wrong types are errors, nothing has a default."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
