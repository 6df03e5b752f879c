"""The closed list of problems (RFC 9457) that the server answers with and the app explains.

A slug is stable and served at `/problems/<slug>`; the title is what a person reads; the advice says what to do next.
"""

from survey.problem_shapes import ProblemType

PROBLEMS: dict[str, ProblemType] = {}


def _problem(slug: str, status: int, title: str, advice: str) -> ProblemType:
    PROBLEMS[slug] = ProblemType(slug=slug, status=status, title=title, advice=advice)
    return PROBLEMS[slug]


CODE_UNKNOWN = _problem(
    "code-unknown", 404, "Không tìm thấy mã này",
    "Anh/chị kiểm tra lại từng ký tự trên thẻ, hoặc xin tổ trưởng một thẻ mới.",
)  # fmt: skip
CODE_USED = _problem(
    "code-used", 409, "Mã này đã được dùng",
    "Mỗi mã chỉ dùng được một lần trên một máy. Anh/chị xin tổ trưởng một mã mới cho máy này.",
)  # fmt: skip
CODE_EXPIRED = _problem(
    "code-expired", 410, "Mã này đã hết hạn",
    "Anh/chị xin tổ trưởng hoặc cán bộ xã một mã mới.",
)  # fmt: skip
FOR_THE_OFFICE = _problem(
    "for-the-office", 409, "Mã này dùng cho trang trên máy tính",
    "Mã của cán bộ tỉnh mở các trang trên máy tính, không dùng trong ứng dụng. Mã vẫn còn dùng được.",
)  # fmt: skip
FOR_THE_APP = _problem(
    "for-the-app", 403, "Mã này chuyển ứng dụng sang chỗ khác",
    "Anh/chị gõ mã này trong ứng dụng, ở nơi muốn chuyển tới. Trang văn phòng mở bằng đường dẫn mời. Mã vẫn còn tốt.",
)  # fmt: skip
TOO_MANY_TRIES = _problem(
    "too-many-tries", 429, "Đã thử sai quá nhiều lần",
    "Anh/chị chờ vài phút rồi thử lại, hoặc xin tổ trưởng một mã mới.",
)  # fmt: skip
NOT_SIGNED_IN = _problem(
    "not-signed-in", 401, "Máy này chưa được ghi danh",
    "Dữ liệu trên máy vẫn còn nguyên. Anh/chị quét lại thẻ thành viên để máy chủ nhận ra máy này.",
)  # fmt: skip
DEVICE_LOST = _problem(
    "device-lost", 403, "Máy này đã được báo mất",
    "Máy chủ không nhận gì từ máy này nữa. Nếu tìm lại được máy, anh/chị xin tổ trưởng một mã ghi danh mới.",
)  # fmt: skip
DEVICE_REVOKED = _problem(
    "device-revoked", 403, "Máy này đã được thu hồi",
    "Máy chỉ còn gửi nốt những gì đang giữ. Muốn làm tiếp, anh/chị xin tổ trưởng hoặc cán bộ xã một mã ghi danh mới.",
)  # fmt: skip
AFTER_REVOCATION = _problem(
    "after-revocation", 403, "Việc này ghi sau khi máy đã được thu hồi, hoặc gửi quá muộn",
    "Máy chủ giữ lại để tổ trưởng xem, chưa tính vào kết quả. Anh/chị không cần nhập lại.",
)  # fmt: skip
DEVICE_UNKNOWN = _problem(
    "device-unknown", 404, "Không tìm thấy máy này trong xã",
    "Anh/chị mở lại danh sách máy rồi chọn đúng máy.",
)  # fmt: skip
OWN_DEVICE = _problem(
    "own-device", 409, "Đây là máy anh/chị đang dùng",
    "Anh/chị không thể tự thu hồi hay báo mất máy đang cầm. Cần thì làm việc này từ một máy khác, hoặc nhờ cán bộ xã.",
)  # fmt: skip
INCIDENT_UNKNOWN = _problem(
    "incident-unknown", 404, "Máy này chưa được báo mất",
    "Biên bản được lập khi máy được báo mất. Anh/chị mở danh sách máy và kiểm tra lại.",
)  # fmt: skip
MEMBER_UNKNOWN = _problem(
    "member-unknown", 404, "Không tìm thấy người này trong xã",
    "Anh/chị xem lại họ tên và mã của mọi người bằng lệnh: tungnha members list --commune MÃ_XÃ.",
)  # fmt: skip
MEMBER_NAMED_TWICE = _problem(
    "member-named-twice", 409, "Có nhiều người cùng họ tên này",
    "Anh/chị chọn đúng người bằng --id thay cho --name.",
)  # fmt: skip
OFFICIAL_HAS_ALL = _problem(
    "official-has-all", 422, "Cán bộ xã phụ trách cả xã",
    "Chỉ tổ viên và tổ trưởng mới được giao theo thôn. Chưa có gì thay đổi.",
)  # fmt: skip
NOT_ALLOWED = _problem(
    "not-allowed", 403, "Anh/chị chưa được giao quyền làm việc này",
    "Nếu cần làm việc này, anh/chị liên hệ cán bộ xã để được giao quyền.",
)  # fmt: skip
OUT_OF_SCOPE = _problem(
    "out-of-scope", 403, "Thôn này chưa được giao cho anh/chị",
    "Thay đổi đã được giữ lại trên máy chủ để tổ trưởng xem. Anh/chị không cần nhập lại.",
)  # fmt: skip
CHANGE_UNKNOWN = _problem(
    "change-unknown", 404, "Không có thay đổi hay dòng nào mang mã này",
    "Xem các mã bằng: tungnha changes aside.",
)  # fmt: skip
QUARANTINED = _problem(
    "quarantined", 409, "Dòng này đã được rút khỏi dữ liệu gửi cho các máy",
    "Nội dung vẫn được giữ. Đưa lại bằng: tungnha changes release.",
)  # fmt: skip
NOT_QUARANTINED = _problem(
    "not-quarantined", 404, "Không có dòng nào mang mã này đang được rút ra",
    "Xem các mã bằng: tungnha changes aside.",
)  # fmt: skip
ROW_NEEDED = _problem(
    "row-needed", 409, "Các máy cần dòng này để làm việc",
    "Chỉ rút được dòng của một hộ, một xác nhận hay một khác biệt.",
)  # fmt: skip
KIND_NOT_KNOWN = _problem(
    "kind-not-known", 422, "Máy chủ chưa hiểu loại thay đổi này",
    "Thay đổi đã được giữ lại trên máy chủ và sẽ được xử lý khi máy chủ được nâng cấp.",
)  # fmt: skip
BODY_NOT_JSON = _problem(
    "body-not-json", 400, "Máy chủ không đọc được nội dung gửi lên",
    "Dữ liệu trên máy vẫn còn nguyên. Anh/chị thử gửi lại; nếu vẫn lỗi thì cập nhật ứng dụng.",
)  # fmt: skip
BODY_TOO_LARGE = _problem(
    "body-too-large", 413, "Nội dung gửi lên quá lớn",
    "Dữ liệu trên máy vẫn còn nguyên. Ứng dụng sẽ tự chia nhỏ và gửi lại.",
)  # fmt: skip
FIELDS_INVALID = _problem(
    "fields-invalid", 422, "Có mục chưa đúng",
    "Anh/chị xem các mục được đánh dấu, sửa lại rồi lưu.",
)  # fmt: skip
VISIT_INVALID = _problem(
    "visit-invalid", 422, "Phiếu có mục chưa đúng",
    "Phiếu vẫn được giữ nguyên. Anh/chị mở phiếu, sửa các mục được đánh dấu rồi lưu lại.",
)  # fmt: skip
HOUSEHOLD_UNKNOWN = _problem(
    "household-unknown", 422, "Máy chủ chưa có hộ này",
    "Phiếu được giữ lại trên máy chủ, chờ danh sách hộ được cập nhật.",
)  # fmt: skip
HOUSEHOLD_ERASED = _problem(
    "household-erased", 410, "Gia đình đã yêu cầu xóa",
    "Hộ này đã được xóa theo yêu cầu, nên phần ghi thêm không được nhận và cũng không giữ lại. Không phải làm lại.",
)  # fmt: skip
VISITS_DIFFER = _problem(
    "visits-differ", 200, "Hai lần khảo sát ghi khác nhau",
    "Cả hai phiếu đều được giữ. Tổ trưởng sẽ xem và chọn thông tin đúng.",
)  # fmt: skip
EDITS_DIFFER = _problem(
    "edits-differ", 200, "Hai người sửa khác nhau",
    "Cả hai nội dung đều được giữ; nội dung gửi sau đang hiển thị. Tổ trưởng sẽ xem và chọn thông tin đúng.",
)  # fmt: skip
ANSWERED_ALREADY = _problem(
    "answered-already", 200, "Người khác đã trả lời khác biệt này",
    "Câu trả lời trước được giữ, câu trả lời của anh/chị được ghi lại bên cạnh. Nếu chưa đúng, hai người trao đổi rồi "
    "sửa thông tin của hộ.",
)  # fmt: skip
DIFFERENCE_UNKNOWN = _problem(
    "difference-unknown", 422, "Máy chủ chưa có khác biệt này",
    "Câu trả lời được giữ lại trên máy chủ. Anh/chị đồng bộ rồi xem lại danh sách khác biệt.",
)  # fmt: skip
DOUBT_UNKNOWN = _problem(
    "doubt-unknown", 422, "Máy chủ chưa có chỗ cần xem này",
    "Việc anh/chị làm được giữ lại trên máy chủ. Anh/chị đồng bộ rồi xem lại danh sách.",
)  # fmt: skip
DOUBT_ABOUT_YOU = _problem(
    "doubt-about-you", 422, "Việc này hỏi về phiếu của chính anh/chị",
    "Anh/chị cho biết lúc ấy thế nào; người khác xem và kết thúc.",
)  # fmt: skip
DOUBT_MOVED_ON = _problem(
    "doubt-moved-on", 422, "Người khác vừa làm việc này",
    "Anh/chị xem họ đã làm gì rồi làm tiếp nếu cần.",
)  # fmt: skip
JOIN_MOVED_ON = _problem(
    "join-moved-on", 422, "Chưa tách ra lại được", "Hộ giữ lại đã ghép tiếp vào hộ khác: hoàn tác lần ghép ấy trước.",
)  # fmt: skip
CARD_UNKNOWN = _problem(
    "card-unknown", 422, "Không tìm thấy thẻ này",
    "Anh/chị xem lại từng nhóm ký tự trên thẻ. Nếu vẫn không thấy, hỏi tổ trưởng và dán thẻ khác.",
)  # fmt: skip
CARD_REVOKED = _problem(
    "card-revoked", 422, "Thẻ này đã bị hủy",
    "Anh/chị bóc thẻ này và dán thẻ khác cho hộ.",
)  # fmt: skip
CARD_BOUND = _problem(
    "card-bound", 422, "Thẻ này đã gắn với hộ khác",
    "Anh/chị quét lại thẻ để xem hộ ấy. Nếu thẻ dán nhầm nhà, dán thẻ khác cho hộ này.",
)  # fmt: skip
CARD_OF_OTHER_VILLAGE = _problem(
    "card-of-other-village", 422, "Thẻ này là của thôn khác",
    "Anh/chị dán cho hộ này một thẻ của thôn mình.",
)  # fmt: skip
TOO_MANY_CARDS = _problem(
    "too-many-cards", 422, "Nhiều thẻ quá một lần in",
    "Mỗi lần nhiều nhất 2.000 thẻ. Anh/chị làm theo từng đợt.",
)  # fmt: skip
CARDS_NOT_FOUND = _problem(
    "cards-not-found", 404, "Thôn chưa có thẻ nào để in",
    "Anh/chị tạo thẻ cho thôn trước, hoặc xem lại các số thẻ.",
)  # fmt: skip
NOT_THERE_YET = frozenset({HOUSEHOLD_UNKNOWN.slug, DIFFERENCE_UNKNOWN.slug, CARD_UNKNOWN.slug})
"""Slugs of changes that are held because the server does not have their subject yet; sent again, they are judged."""
VILLAGE_ENDED = _problem(
    "village-ended", 422, "Thôn này đã nhập vào thôn khác",
    "Nội dung được giữ lại trên máy chủ. Anh/chị xem và xác nhận lại ở thôn mới.",
)  # fmt: skip
VILLAGE_NOT_MERGED = _problem(
    "village-not-merged", 422, "Chưa nhập hoặc tách được thôn",
    "Anh/chị kiểm tra lại tên các thôn và danh sách hộ. Chưa có gì thay đổi.",
)  # fmt: skip
RESCUE_UNREADABLE = _problem(
    "rescue-unreadable", 422, "Không mở được tệp cứu hộ này",
    "Tệp bị hỏng hoặc không phải là tệp cứu hộ. Chưa có gì thay đổi, dữ liệu trên điện thoại vẫn còn nguyên. "
    "Anh/chị xuất lại tệp từ điện thoại rồi nộp lại.",
)  # fmt: skip
RESCUE_ELSEWHERE = _problem(
    "rescue-elsewhere", 422, "Tệp cứu hộ này là của xã khác",
    "Mỗi xã có khóa riêng nên ở đây không mở được. Chưa có gì mất: dữ liệu vẫn còn nguyên trong tệp và trên máy. "
    "Anh/chị gửi tệp cho tổ trưởng hoặc cán bộ của xã mà máy đã ghi danh để nộp giúp.",
)  # fmt: skip
RESCUE_UNPROVEN = _problem(
    "rescue-unproven", 422, "Không xác nhận được máy đã xuất tệp cứu hộ này",
    "Nội dung được cất riêng trên máy chủ để cán bộ xã xem. Nếu điện thoại còn dùng được, anh/chị cho máy đồng bộ, "
    "hoặc ghi danh lại rồi xuất tệp mới.",
)  # fmt: skip
COMMUNE_UNKNOWN = _problem(
    "commune-unknown", 404, "Không có xã mang mã này",
    "Mã xã gồm 5 chữ số theo danh mục từ 01/7/2025, ví dụ 09052 là xã Nguyệt Đức.",
)  # fmt: skip
PROVINCE_UNKNOWN = _problem(
    "province-unknown", 404, "Không có tỉnh mang mã này",
    "Mã tỉnh gồm 2 chữ số theo danh mục từ 01/7/2025, ví dụ 25 là tỉnh Phú Thọ.",
)  # fmt: skip
NOT_FOUND = _problem(
    "not-found", 404, "Không có trang này",
    "Anh/chị kiểm tra lại đường dẫn, hoặc mở lại từ trang đầu.",
)  # fmt: skip
METHOD_NOT_ALLOWED = _problem(
    "method-not-allowed", 405, "Địa chỉ này không hỗ trợ phương thức đó",
    "Xem tài liệu tại /api/openapi.json.",
)  # fmt: skip
SERVER_BUSY = _problem(
    "server-busy", 503, "Máy chủ đang bận",
    "Dữ liệu trên máy vẫn còn nguyên và sẽ tự gửi lại sau ít phút.",
)  # fmt: skip
UNEXPECTED = _problem(
    "unexpected", 500, "Máy chủ gặp lỗi chưa rõ",
    "Dữ liệu trên máy vẫn còn nguyên. Anh/chị thử lại sau; nếu cần báo lỗi, đọc mã số kèm theo.",
)  # fmt: skip
CHANGE_ID_REUSED = _problem(
    "change-id-reused", 409, "Mã của thay đổi này đã dùng cho nội dung khác",
    "Cả hai nội dung đều được giữ trên máy chủ. Anh/chị cập nhật ứng dụng; nếu vẫn lỗi thì báo cán bộ xã.",
)  # fmt: skip
NOT_TAKEN_OVER = _problem(
    "not-taken-over", 500, "Máy chủ chưa xử lý được thay đổi này",
    "Thay đổi đã được giữ nguyên trên máy chủ để người phụ trách xem. Anh/chị không cần nhập lại.",
)  # fmt: skip
COMMUNE_NOT_OPEN = _problem(
    "commune-not-open", 404, "Xã này chưa được mở trên máy chủ",
    "Người quản trị mở xã trước bằng lệnh: tungnha commune create MÃ_XÃ.",
)  # fmt: skip
COMMUNE_OPEN_ALREADY = _problem(
    "commune-open-already", 409, "Xã này đã được mở rồi",
    "Dữ liệu của xã vẫn nguyên. Anh/chị có thể thêm thôn và mời người ngay.",
)  # fmt: skip
CRITERIA_SET_UNKNOWN = _problem(
    "criteria-set-unknown", 404, "Không có bộ tiêu chí này",
    "Anh/chị chọn một trong các bộ tiêu chí có sẵn.",
)  # fmt: skip
VILLAGE_IN_USE = _problem(
    "village-in-use", 409, "Thôn này đang được dùng",
    "Chỉ xóa được thôn chưa có hộ, người, thẻ hay phiếu nào. Thôn đã hoạt động thì nhập vào thôn khác.",
)  # fmt: skip
VILLAGE_UNKNOWN = _problem(
    "village-unknown", 404, "Xã chưa có thôn mang tên này",
    "Anh/chị kiểm tra lại tên thôn, hoặc thêm thôn trước.",
)  # fmt: skip
VILLAGE_UNCLEAR = _problem(
    "village-unclear", 409, "Tên này có thể là của nhiều thôn",
    "Anh/chị ghi đủ dấu và từ chỉ loại, ví dụ “thôn Đông” hay “tổ dân phố 3”. Chưa có gì thay đổi.",
)  # fmt: skip
VILLAGE_EXISTS = _problem(
    "village-exists", 409, "Xã đã có thôn mang tên này",
    "Không cần thêm lại. Nếu là một thôn khác, anh/chị đặt tên phân biệt, ví dụ “Đông 2”.",
)  # fmt: skip
VILLAGES_NEEDED = _problem(
    "villages-needed", 422, "Chưa chọn thôn cho người được mời",
    "Tổ viên và tổ trưởng làm việc ở ít nhất một thôn: thêm --village TÊN_THÔN.",
)  # fmt: skip
LIST_COLUMNS_UNCLEAR = _problem(
    "list-columns-unclear", 422, "Có hai cột đều có thể là một mục",
    "Anh/chị chọn cột đúng rồi nhập lại. Chưa có gì thay đổi.",
)  # fmt: skip
IMPORT_BUILT_ON = _problem(
    "import-built-on", 409, "Không hoàn tác được lần nhập này",
    "Có hộ đã được khảo sát hay sửa sau khi nhập. Chưa có gì thay đổi.",
)  # fmt: skip
CRITERIA_SHEET_UNREADABLE = _problem(
    "criteria-sheet-unreadable", 422, "Bảng tiêu chí chưa đúng",
    "Anh/chị tải bảng mẫu, điền theo các cột có sẵn rồi đưa lên lại. Chưa có gì thay đổi.",
)  # fmt: skip
RECORDING_UNUSABLE = _problem(
    "recording-unusable", 422, "Chưa dùng được bản ghi âm này",
    "Tệp phải là âm thanh dạng .mp3 hoặc .m4a, nhiều nhất 2 MB (khoảng hai phút). Chưa có gì thay đổi.",
)  # fmt: skip
LIST_UNREADABLE = _problem(
    "list-unreadable", 422, "Không mở được tệp danh sách hộ",
    "Tệp phải là bảng tính Excel dạng .xlsx. Mở tệp bằng Excel, chọn Lưu như (Save As), kiểu “Excel Workbook (.xlsx)”.",
)  # fmt: skip
LIST_COLUMNS_MISSING = _problem(
    "list-columns-missing", 422, "Danh sách hộ thiếu cột",
    "Dòng tiêu đề cần có ít nhất cột “Họ và tên chủ hộ”, và cột “Thôn” nếu không chọn thôn khi nhập.",
)  # fmt: skip
