"""What DVC accepts as dvc.lock, as its own schema has it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

VERSION: Literal["2.0"] = "2.0"


class _LockPart(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _LockedFile(_LockPart):
    path: str
    hash: str = "md5"
    md5: Annotated[str, Field(pattern="^$|^.{3}")] | None = None
    size: int = 0
    nfiles: int = 0
    isexec: bool = False
    version_id: str = ""
    files: Any = None  # this and what follows is of remote storage, which our pipeline does without
    cloud: Any = None
    etag: Any = None
    checksum: Any = None
    dataset: Any = None


class _LockedStage(_LockPart):
    cmd: str | list[Any]
    deps: list[_LockedFile] = Field(default_factory=list)
    params: dict[str, dict[str, Any]] = Field(default_factory=dict)
    outs: list[_LockedFile] = Field(default_factory=list)


class LockSchema(_LockPart):
    """The content of a dvc.lock; pydantic's ValidationError where DVC would refuse it."""

    schema_version: Literal["2.0"] = Field(alias="schema")
    datasets: Any = None
    stages: dict[str, _LockedStage] = Field(default_factory=dict)
