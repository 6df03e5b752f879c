"""Who lives in a household by the commune's list of people: what the first visit's form begins with."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from survey.ids import Id


class ListedPerson(BaseModel):
    """Somebody of a household in a list of people: no name, and only until the first visit has asked."""

    model_config = ConfigDict(frozen=True, extra="allow")
    id: Id
    relation: Annotated[str, Field(max_length=20)] = "other"
    birth_year: int | None = None
    sex: Annotated[str, Field(pattern="^[mf]$")] | None = None
