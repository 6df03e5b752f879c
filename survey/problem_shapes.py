"""What a problem is made of: its type, a case of it as RFC 9457 has it, and one field at fault."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from survey.vietnamese import format_number


class ProblemType(BaseModel):
    """One kind of problem: `slug` for programs, `status` for HTTP, `title` and `advice` for people."""

    model_config = ConfigDict(frozen=True)
    slug: str
    status: int
    title: str
    advice: str


class FieldProblem(BaseModel):
    """One field at fault: `pointer` is a JSON pointer into the body, `detail` a Vietnamese sentence.

    A sentence with values in it brings its `template` and the `values`, so that it can be said in another language.
    """

    model_config = ConfigDict(frozen=True)
    pointer: str
    detail: str
    template: str = ""
    values: dict[str, str | int] = {}

    @classmethod
    def filled(cls, pointer: str, template: str, **values: str | int) -> Self:
        """The problem whose sentence is the template with the values in it."""
        said = {name: format_number(one) if isinstance(one, int) else one for name, one in values.items()}
        return cls(pointer=pointer, detail=template.format(**said), template=template, values=values)


class ProblemDetails(BaseModel):
    """The body of `application/problem+json`, and of a verdict's `problem`."""

    model_config = ConfigDict(frozen=True, extra="allow")
    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []

    @property
    def slug(self) -> str:
        return self.type.rsplit("/", 1)[-1]


def describe(kind: ProblemType, errors: list[FieldProblem] | None = None, **more: Any) -> ProblemDetails:
    """The details of one case of a problem, ready to be sent. A `detail` in `more` replaces the advice."""
    return ProblemDetails(
        type=f"/problems/{kind.slug}",
        title=kind.title,
        status=kind.status,
        detail=more.pop("detail", kind.advice),
        errors=errors or [],
        **more,
    )
