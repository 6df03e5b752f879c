"""What a doubt says to people: they are asked, never accused."""

from datetime import datetime

from survey.acts import CHANGE_WORDS
from survey.asked_again import AskedAgain, is_back
from survey.check_words import flag_words
from survey.checks.visits import Check, Flag
from survey.doubles import LIKELY
from survey.doubts import DoneStep, Doubt, DoubtState, Step
from survey.figure_words import moment
from survey.problems import OUT_OF_SCOPE, PROBLEMS

KIND_WORDS = {
    "pace": "Nhiều phiếu trong ít phút",
    "short": "Phiếu ghi rất nhanh",
    "alike": "Những hộ trả lời giống nhau",
    "same_family": "Hai hộ có cùng những người",
    "few_no": "Ít câu trả lời “không”",
    "unknowns": "Nhiều câu “không rõ”",
    "round_years": "Nhiều năm sinh tròn",
    "not_met": "Nhiều hộ không gặp được",
    "no_change": "Giữ nguyên như lần trước",
    "vneid_back": "Mức VNeID thấp hơn lần trước",
    "impossible": "Tuổi hoặc quan hệ khó có",
    "asked_again": "Hỏi lại thì khác",
    "pair": "Có thể một hộ ghi hai lần",
    "held": "Việc máy chủ giữ lại",
    "aside": "Nội dung máy chủ cất riêng",
}
STATE_WORDS = {
    DoubtState.NEW: "Mới",
    DoubtState.LOOKING: "Đang xem",
    DoubtState.ASKED: "Đã nhờ hỏi lại",
    DoubtState.WAITING: "Chờ kiểm tra lại",
    DoubtState.SETTLED: "Đã xong",
    DoubtState.GONE: "Tự hết",
}
OUTCOME_WORDS = {
    "kept": "giữ nguyên",
    "corrected": "đã sửa",
    "one_household": "là một hộ",
    "two_households": "hai hộ khác nhau",
    "taken": "nhận",
    "not_taken": "không nhận",
}
REASON_WORDS = {
    "from_paper": "ghi lại từ giấy",
    "known_family": "nhà quen, đã biết câu trả lời",
    "asked_same": "đã hỏi lại, không đổi",
    "was_wrong": "lần trước ghi nhầm",
    "other": "lý do khác",
}
_ASIDE_OUTCOMES = {"kept": "đã xem, không cần làm gì thêm", "corrected": "đã xem, đã ghi lại"}
EVERY = frozenset().union(*(words.values() for words in (KIND_WORDS, STATE_WORDS, OUTCOME_WORDS, REASON_WORDS)))
"""What the app translates."""
_PAIR_REASONS = {
    "same_card": "cùng một thẻ",
    "same_name": "cùng tên chủ hộ, có thể khác dấu",
    "like_name": "tên chủ hộ gần giống",
    "same_alley": "cùng ngõ",
    "same_phone": "cùng số điện thoại",
}
_ASIDE_REASONS = {
    "rescue-unproven": "chưa chắc tệp ấy đúng là của máy này",
    "change-id-reused": "máy này đã gửi một nội dung khác mang cùng dấu nhận",
    "not-taken-over": "lúc ấy máy chủ chưa ghi được",
    "quarantined": "có máy không đọc được",
}
_STEP_WORDS = {
    Step.LOOK: "đang xem",
    Step.ASK: "nhờ hỏi lại",
    Step.EXPLAIN: "cho biết",
    Step.WAIT: "để kiểm tra lại",
    Step.SETTLE: "kết thúc",
    Step.UNDO: "mở lại",
}


def doubt_words(doubt: Doubt, village: str) -> str:
    """One or two sentences: what was noticed, and what is asked."""
    if doubt.check == "held":
        return _held_words(doubt)
    if doubt.check == "aside":
        return _aside_words(doubt)
    if doubt.check == "pair":
        return _pair_words(doubt)
    if doubt.check == "asked_again":
        return _asked_again_words(doubt)
    if doubt.check not in set(Check):
        return KIND_WORDS.get(doubt.check, "Có một chỗ cần xem.")
    flag = Flag(Check(doubt.check), doubt.member or "", village, tuple(doubt.visits), doubt.evidence)
    return flag_words(flag)


def words_for(doubt: Doubt, village: str, reader: str | None = None) -> str:
    """What `doubt_words` says, for this person: where they ask somebody else, who made the visits, it says whom."""
    words = doubt_words(doubt, village)
    asks_member = doubt.member_name and doubt.check in {*Check, "asked_again"} and doubt.member != reader
    return f"Câu hỏi gửi {doubt.member_name}: “{words}”" if asks_member else words


def _held_words(doubt: Doubt) -> str:
    problem = PROBLEMS.get(str(doubt.evidence.get("problem")))
    why = f"{problem.title[:1].lower()}{problem.title[1:]}" if problem else "máy chủ chưa nhận được"
    if problem is OUT_OF_SCOPE:  # its own words speak to who sent it
        why = "lúc ấy thôn này không giao cho người gửi"
    what = CHANGE_WORDS.get(str(doubt.evidence.get("kind")), "gửi một thay đổi")
    who = f"{doubt.member_name} đã {what}" if doubt.member_name else f"Một máy đã {what}"
    return f"{who}; máy chủ giữ lại vì {why}. Nhận thì việc này được tính như mọi việc khác."


def _asked_again_words(doubt: Doubt) -> str:
    differing, total, nobody = (int(doubt.evidence.get(name) or 0) for name in ("differing", "total", "nobody"))
    forgotten = f", trong đó {nobody} hộ nói không có ai đến" if nobody else ""
    return (
        f"Hỏi lại {total} hộ thì {differing} hộ trả lời khác{forgotten}. Có khi người trả lời lần sau không biết. "
        "Lúc ấy thế nào?"
    )


def _aside_words(doubt: Doubt) -> str:
    """From whose phone it came and when, and why it could not be read."""
    slug, at = str(doubt.evidence.get("problem")), str(doubt.evidence.get("received_at"))
    whose = f"máy của {doubt.member_name}" if doubt.member_name else "một máy chưa rõ của ai"
    when = moment(datetime.fromisoformat(at)) if doubt.evidence.get("received_at") else ""
    why = _ASIDE_REASONS.get(slug, "nội dung không đúng mẫu, máy chủ chưa đọc được")
    came = f"{whose[:1].upper()}{whose[1:]} gửi nội dung đến lúc {when}; máy chủ cất riêng"
    if slug == "rescue-unproven":
        came = f"Tệp cứu hộ của {whose} được nộp lúc {when}; máy chủ cất riêng"
    if slug == "quarantined":
        came = f"Lúc {when}, người quản trị máy chủ rút một dòng khỏi các máy và cất riêng"
    return f"{came} vì {why}. Nội dung vẫn còn, chưa được tính. Nhờ anh/chị xem giúp, rồi ghi vài chữ đã làm thế nào."


def outcome_words(check: str) -> dict[str, str]:
    """How a doubt of this kind ends, by outcome."""
    return OUTCOME_WORDS | _ASIDE_OUTCOMES if check == "aside" else OUTCOME_WORDS


def is_only_possible(doubt: Doubt) -> bool:
    """Whether two households are less likely one than others: shown after them, under "có thể trùng"."""
    return doubt.check == "pair" and float(doubt.evidence.get("score", LIKELY)) < LIKELY


def _pair_words(doubt: Doubt) -> str:
    """ "Hai hộ này cùng tên chủ hộ và cùng ngõ. Đây là một nhà ghi hai lần, …?" """
    said = [
        f"có {number} người cùng giới tính, năm sinh" if key == "same_people" else _PAIR_REASONS[key]
        for key, number in dict(doubt.evidence.get("reasons") or []).items()
        if key == "same_people" or key in _PAIR_REASONS
    ]
    listed = " và ".join([", ".join(said[:-1]), said[-1]] if len(said) > 1 else said) or "có nhiều chỗ giống nhau"
    return f"Hai hộ này {listed}. Đây là một nhà ghi hai lần, hay hai nhà khác nhau? Nhờ anh/chị hỏi giúp."


def state_words(doubt: Doubt, again: AskedAgain) -> str:
    """Where it stands, with how far asking again has come: "Đã nhờ hỏi lại · đã hỏi lại 2/3 hộ"."""
    if is_back(doubt, again):
        return f"Cả {again.asked} hộ đã được hỏi lại" if again.asked > 1 else "Hộ cần hỏi lại đã được hỏi lại"
    state = STATE_WORDS[doubt.state]
    return f"{state} · đã hỏi lại {again.done}/{again.asked} hộ" if again.asked else state


def step_words(step: DoneStep, check: str = "") -> str:
    """ "Đặng Thị Hoa kết thúc: giữ nguyên, ghi lại từ giấy (“…”), 09:05 26/11/2026"."""
    more = [outcome_words(check).get(step.outcome or "", ""), REASON_WORDS.get(step.reason or "", "")]
    if step.step is Step.ASK:
        more.append(f"{len(step.households)} hộ")
    said = ", ".join(one for one in more if one)
    noted = f" (“{step.note}”)" if step.note else ""
    return f"{step.by} {_STEP_WORDS[step.step]}{': ' + said if said else ''}{noted}, {moment(step.at)}"
