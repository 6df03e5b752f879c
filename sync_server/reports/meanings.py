"""What each number of a report means and how it is counted, in plain words, for whoever reads a file without us."""

from dataclasses import dataclass

from survey.criteria import Criterion
from survey.figure_words import threshold as threshold_of
from survey.indicators import Population
from survey.reports import Report, check_code
from sync_server.reports.cells import state_of

CODE_MEANS = "Tính từ số liệu đã chốt: cùng mã là cùng số liệu. Đây không phải chữ ký số."


@dataclass(frozen=True)
class Meaning:
    """A word of the table, what it means, and how it is counted or where it is from."""

    what: str
    means: str
    counted: str


def meanings_of(report: Report, full_hash: str = "") -> list[Meaning]:
    """The set and its document, each criterion with its denominator, and the words that all tables use."""
    criteria = report.criteria_set
    source = ", ".join(part for part in (criteria.document, criteria.issuer) if part)
    lines = {line.no: line for line in report.coverage.totals}
    code = [Meaning("Mã kiểm tra", check_code(full_hash), CODE_MEANS)] if full_hash else []
    return [
        *code,
        Meaning("Bộ tiêu chí", criteria.title, f"Nguồn: {source}"),
        Meaning("Thôn đạt khi", _rule(report), _whole(report)),
        Meaning(
            "Số liệu",
            state_of(report),
            f"Đợt khảo sát: {report.round.title}; tuổi tính đến năm {report.round.reference_year}.",
        ),
        *(
            Meaning(
                f"Mục {one.no}",
                one.title,
                f"Cần: {threshold_of(lines[one.no]) or 'văn bản không nêu'}. {_counted(one)}",
            )
            for one in criteria.criteria
            if one.no in lines
        ),
        Meaning("Số hộ", "Số hộ đang ở trong thôn", "Không tính hộ đã chuyển đi và nhà bỏ trống; tính cả hộ từ chối."),
        Meaning("Đã khảo sát", "Số hộ đã trả lời phiếu", "Hộ từ chối và hộ vắng nhà không tính là đã khảo sát."),
        Meaning(
            "Không rõ",
            "Người được hỏi không biết hoặc chưa được hỏi",
            "Không nằm trong tử số, cũng không nằm trong mẫu số.",
        ),
        Meaning(
            "Ở nhà không gặp",
            "Người ở những nhà vắng, từ chối, hoặc ghi là chuyển đi, bỏ trống trong đợt này",
            "Ước theo số người trung bình của nhà đã gặp, làm tròn lên. Không nằm trong tử số và mẫu số.",
        ),
        Meaning(
            "Nếu đều là chưa có",
            "Tỷ lệ thấp nhất có thể: mọi câu “không rõ” và mọi người ở nhà không gặp đều là chưa có",
            "Tử số chia (mẫu số + không rõ + ở nhà không gặp). “Chưa chắc”: đạt, nhưng khi đó thì không.",
        ),
        Meaning(
            "Tỷ lệ", "Tử số chia mẫu số", "So với mức cần bằng phân số, không làm tròn: 69,96 % chưa phải là 70 %."
        ),
        Meaning("Chưa đủ dữ liệu", "Chưa kết luận được", _share(report)),
        Meaning(
            "Chữ trong tệp",
            "Ô chữ bắt đầu bằng = + - @ vẫn là chữ, không phải công thức",
            "Trong tệp CSV và tệp văn bản, ô chữ như vậy có thêm dấu ' ở đầu.",
        ),
    ]


def _rule(report: Report) -> str:
    rule = report.criteria_set.pass_rule
    return "đạt tất cả các mục áp dụng" if rule.n is None else f"đạt ít nhất {rule.n} mục trong các mục áp dụng"


def _whole(report: Report) -> str:
    if report.criteria_set.complete:
        return ""
    return "Bộ tiêu chí mới chỉ có một phần của văn bản, nên chưa thôn nào được kết luận là đạt."


def _share(report: Report) -> str:
    share = report.criteria_set.min_share.replace(".", ",")
    if share == "0":
        return "Chưa có câu trả lời nào để tính, hoặc thôn chưa xác nhận."
    return f"Chưa khảo sát đủ {share} % số hộ, hoặc chưa biết đủ {share} % câu trả lời, hoặc thôn chưa xác nhận."


def _counted(criterion: Criterion) -> str:
    if criterion.source == "system":
        return "Máy chủ tự xem thôn đã có tổ công nghệ số cộng đồng hay chưa."
    if criterion.measure is None:
        return "Thôn xác nhận, có minh chứng."
    people = _people(criterion.measure.population)
    note = f" {criterion.note}" if criterion.note else ""
    return (
        f"Mẫu số: {criterion.denominator_name} ({people}) có câu trả lời “có” hoặc “không”. Tử số: trả lời “có”.{note}"
    )


def _people(population: Population) -> str:
    if population.of == "households":
        return "hộ đã khảo sát"
    if population.of == "businesses":
        return "hộ đã khảo sát có kinh doanh"
    if population.age_max_male is not None or population.age_max_female is not None:
        men, women = population.oldest("m"), population.oldest("f")
        return f"người từ {population.age_min} tuổi đến {men} tuổi (nam), {women} tuổi (nữ), trong hộ đã khảo sát"
    upto = f" đến {population.age_max} tuổi" if population.age_max is not None else " trở lên"
    return f"người từ {population.age_min} tuổi{upto}, trong hộ đã khảo sát"
