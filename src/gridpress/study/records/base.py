"""What all records have in common."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from gridpress.config.dataset import MOST_CLASSES
from gridpress.messages import one_line

Share = Annotated[float, Field(ge=0, le=1)]
Seconds = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]
Label = Annotated[int, Field(ge=0, lt=MOST_CLASSES)]
SplitSizes = dict[Literal["train", "validation", "test"], Count]  # images in each split of the pooled ones


class RecordPart(BaseModel):
    """A mapping inside a record: unknown keys, wrong types and numbers that JSON lacks are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Record(RecordPart):
    """A file of its own; `schema_version` rises whenever the meaning of the file changes."""

    current: ClassVar[int] = 1
    named_by: ClassVar[str | None] = None  # the field that the file is named by
    schema_version: int

    @model_validator(mode="before")
    @classmethod
    def _is_current(cls, content: object) -> object:
        if isinstance(content, dict) and content.get("schema_version") != cls.current:
            raise ValueError(
                f"this record has schema version {one_line(str(content.get('schema_version')))}, "
                f"this Gridpress reads {cls.current}; `gridpress repro` computes it again, or the version of "
                "Gridpress that wrote it reads it"
            )
        return content
