"""What a form does not ask any more is not filled in in advance; what was there before stays."""

from typing import Any

from app.actions.responses import find_campaign, open_draft, record_response
from app.store.households import find_household
from app.store.outbox import list_next_batch
from survey.drafts import ResponseDraft
from tests.app.conftest import VillageOnDevice
from tests.app.test_responses import a_filled_draft
from tests.builders import NOW, YEAR, a_resident, a_response, an_id


def form(device: VillageOnDevice, household: str) -> ResponseDraft:
    return open_draft(device.database, NOW, household, find_campaign(device.database))


def save(device: VillageOnDevice, draft: ResponseDraft) -> dict[str, Any]:
    """Record the visit; what is sent of it."""
    record_response(device.database, NOW, draft.agree(True, NOW), find_campaign(device.database))
    with device.database.read() as session:
        sent: dict[str, Any] = list_next_batch(session, 200)[-1]["body"]
    return sent


def present_answers(device: VillageOnDevice, household: str) -> dict[str, Any]:
    with device.database.read() as session:
        found = find_household(session, household)
    assert found
    assert found[2].current
    answers: dict[str, Any] = found[2].current["answers"]
    return answers


def test_a_shop_that_closed_and_opened_again_is_asked_anew(device: VillageOnDevice) -> None:
    household = device.add_household("Nguyễn Văn Đức")
    first = save(device, a_filled_draft(device, household))
    assert (first["answers"]["runs_business"], first["answers"]["accepts_cashless"]) == ("yes", "yes")
    closed = save(device, form(device, household).answer("runs_business", "no"))
    assert "accepts_cashless" not in closed["answers"]
    assert present_answers(device, household)["accepts_cashless"] == "yes", "the merge keeps what was not asked"
    again = form(device, household)
    assert again.answers["runs_business"] == "no"
    assert again.answer("runs_business", "yes").answers.get("accepts_cashless") is None


def test_a_grown_up_who_is_a_child_takes_no_answers_along(device: VillageOnDevice) -> None:
    household = device.add_household("Nguyễn Văn Đức")
    head = save(device, a_filled_draft(device, household))["residents"][0]
    assert head["answers"]
    draft = (
        form(device, household)
        .add_resident(an_id(), "head")
        .change_resident(head["id"], birth_year=YEAR - 5, relation="child")
    )
    draft = draft.take_out(draft.residents[-1].id)
    [child] = save(device, draft)["residents"]
    assert child["answers"] == {}
    [before] = form(device, household).residents
    assert (before.birth_year, before.answers) == (YEAR - 5, {})


def test_what_another_form_asked_is_not_filled_in(device: VillageOnDevice) -> None:
    asked = {"has_smartphone": "yes", "rides_rocket": "yes"}
    current = a_response(residents=[a_resident(answers=asked)], answers={"signal": "weak", "rides_rocket": "no"})
    known = current.model_dump(mode="json") | {"id": an_id()}
    household = device.add_household("Nguyễn Văn Đức", current=known)
    draft = form(device, household)
    keys = {one.question.key for one in find_campaign(device.database).form.resident_questions}
    assert draft.residents[0].answers == {key: asked[key] for key in asked if key in keys}
    assert set(draft.answers) <= {one.key for one in find_campaign(device.database).form.household_questions}
