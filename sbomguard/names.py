"""Organisation and component names brought to one spelling, in stated steps, the same for SBOM values and vendor files.

The steps, in order: (1) Unicode NFKC; (2) format characters and combining marks dropped; (3) letters of other scripts that look Latin
folded inside a word that mixes scripts; (4) case folded; (5) dotted initials joined; (6) punctuation and white space to one space;
(7) legal forms dropped at either end. `core` then also drops places and generic business words. A step that a plain spelling does not
need is named in `Name.folded`, so that evidence can say so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import pairwise, repeat

from msgspec import Struct

from sbomguard.lookalikes import LETTERS, PAIRS, SHAPES, SYMBOLS
from sbomguard.percent import unquote

APOSTROPHES = str.maketrans("", "", "'’`´")
"""Drops what stands inside words: `Noah's` is one word."""

LEGAL_FORMS = frozenset(
    (
        "ab ag ao aps as asa bhd bv cjsc co company corp corporation cv doo eood gmbh inc incorporated jsc kft kg kgaa kk llc "
        "llp lp ltd limited ltda mbh nv oao ooo oy oyj pao pjsc plc pt pte pty pvt private sa sab sal sapi sarl sas sau sdn se "
        "sl slu spa spol srl sro tbk yk zao zoo ао оао ооо пао зао нпо 株式会社 有限会社 주식회사"
    ).split()
)
"""Words that say what kind of company it is (many countries), after step 6."""

LEGAL_PHRASES = tuple(
    tuple(phrase.split())
    for phrase in (
        "sp z oo",
        "sp z o o",
        "a s",
        "s a",
        "s r l",
        "s p a",
        "b v",
        "n v",
        "k k",
        "s r o",
        "d o o",
        "pte ltd",
        "s a s",
        "l l c",
        "g m b h",
    )
)
"""The same where punctuation takes them apart (A/S, Sp. z o.o.), at the end of a name."""

CJK_LEGAL_ENDS = (
    "股份有限公司", "股份有限责任公司", "有限责任公司", "集团有限公司", "有限公司", "股份公司", "集团公司", "公司",
    "股份有限責任公司", "有限責任公司", "集團有限公司", "股份公司", "株式会社",
)  # fmt: skip

CJK_PLACES = (
    "北京", "上海", "深圳", "广州", "杭州", "南京", "成都", "武汉", "西安", "苏州",
    "天津", "重庆", "东莞", "厦门", "合肥", "长沙", "济南", "青岛",
    "浙江", "江苏", "广东", "四川", "香港", "中国", "廣州", "東莞", "中國", "台灣",
)  # fmt: skip
CJK_TRADES = (
    "技术", "科技", "信息", "通信", "通讯", "电子", "半导体", "数字", "网络", "软件", "智能", "集成电路",
    "微电子", "终端", "股份", "集团", "投资控股",
    "技術", "資訊", "通訊", "電子", "半導體", "數字", "網路", "軟件", "終端",
)  # fmt: skip

PLACES = frozenset(
    (
        "africa america americas anhui asia australia austria bangladesh barcelona beijing belgium berlin brasil brazil canada "
        "changsha chengdu chile china chongqing colombia czech danmark denmark deutschland dongguan dubai egypt england espana europe "
        "finland france francaise germany guangdong guangxi guangzhou hangzhou hongkong hong kong hungary iberia india "
        "indonesia ireland israel italia italy japan jiangsu kazakhstan kenya kl korea kunshan latam latin london malaysia mea "
        "mexico middle east moscow munich nanjing nederland netherlands nigeria ningbo nordic north norway pakistan panama "
        "paris peru philippines poland polska portugal prc prchina qatar romania russia rus saudi arabia schweiz shanghai "
        "shandong shenzhen sichuan singapore south spain suzhou sweden switzerland sz taiwan thailand tianjin turkey turkiye "
        "uae uk ukraine united kingdom states us usa uzbekistan vietnam wuhan xian zealand new zhejiang zhuhai emea apac mena "
        "benelux dach central eastern western southern northern"
    ).split()
)
"""Countries, regions and cities, after step 6, that a national subsidiary adds to a group's name."""

BUSINESS_WORDS = frozenset(
    (
        "communication communications digital device devices electronic "
        "electronics enterprise enterprises equipment global group hi holding holdings industrial industries industry "
        "information innovation innovations international investment lab labs laboratory manufacturing marketing mobile network "
        "networks operations products research sales sciences security service services software solution solutions system "
        "systems tech techs technologies technology technologiya telecom telecomunicacoes telecomunicaciones telecommunication "
        "telecommunications terminal terminals trading wireless rd research development"
    ).split()
)
"""Words that many company names share, after step 6; never enough to tell two firms apart."""

# Small capitals are Latin letters that no Unicode form folds (U+1D00 and others).
_SMALL_CAPITALS = str.maketrans("ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢ", "abcdeghijklmnoprtuvwyz")
_WHITE = dict.fromkeys(map(ord, "\t\n\v\f\r"), " ")  # white space, though Unicode counts it as control characters
_BY_SHAPE = {ord(alike): latin for latin, alikes in SYMBOLS.items() for alike in alikes}
LONG_S = "ſ"
_SECOND_READINGS = (str.maketrans("уУ", "uU"), str.maketrans(LONG_S, "f"), _BY_SHAPE)
"""Letters that imitate one Latin letter and mean another (Cyrillic u, long s), and signs that part words or stand for a letter."""
_ASCII_TO_SPACE = {code: (chr(code) if chr(code).isalnum() else " ") for code in range(128)}
# Patterns are compiled when first used: a run that meets no odd name needs none of them.
_DOTTED = r"(?<![^\W_])((?:[^\W\d_]\.){2,}[^\W\d_]?)(?![^\W_])"
# Signs that stand beside a name without being part of it, and fillers that show as nothing though they count as letters.
_IGNORED: dict[int, str | None] = dict.fromkeys(map(ord, "\u2122\u2120\u115f\u1160\u3164\uffa0\u2800\u034f"))
# Spacing forms of marks look like an i, and NFKC would make a space of them: an iota that looks the same stands in for them.
_IGNORED |= dict.fromkeys((0x02DB, 0x037A), "\u0269")
_KELVIN = "\u212a"  # an odd letter that even NFC makes plain
_CAPITALS = r"(?<![A-Za-z0-9|])(?=[01l|]*[A-Z])[A-Z01l|]{2,}(?![A-Za-z0-9|])"
_INITIALS = r"(?<![^\W_])(?:[A-Z01l|]\.){2,}[A-Z01l|]?(?![^\W_])"
_AS_CAPITALS = str.maketrans("01l|", "OIII")
_NOT_WORD = r"[\W_]+"
_LATIN = r"[A-Za-z]"
_ALIKE = "look-alike letters of another script"
_FOREIGN = r"[^\x00-\u024f\u1e00-\u1eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]"
"""What is neither Latin nor Chinese, Japanese or Korean, in which names are mixed without spaces."""

_WORD = r"[^\W_](?:\.[^\W_](?![^\W_]))+|[^\W_]+"
"""A word, or initials with dots between them."""

_CJK = r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]"


UNMASKED = "letters and digits that look alike"
"""The step of reading `HUAWEl` as `HUAWEI`."""

UNESCAPED = "escapes undone"
"""The step of reading `%48uawei` or `Hua&shy;wei` as a page or a terminal shows it."""

MASKABLE = 4
"""Shortest word of a name that is read as another of its shape: `djl` is not DJI."""


class Step(Struct, frozen=True):
    """A step of a normalisation, in words, and the text as it left it."""

    name: str
    text: str


class Name(Struct, frozen=True):
    """A name after the steps: its words, and which unusual steps it took to get there."""

    tokens: tuple[str, ...]
    folded: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The words with one space between them."""
        return " ".join(self.tokens)


def normalise(text: str) -> Name:
    """Steps 1 to 7. A name of nothing but punctuation, invisible characters or legal forms has no tokens."""
    return Name(*_normalise(text))


def alternatives(text: str) -> tuple[Name, ...]:
    """The readings of a name: one, and one more for each way in which its letters and signs may be read another way.

    Cyrillic u is y by shape and u by sound, long s an s by meaning and an f by shape, and a sign such as U+2223 parts words or is an l.
    """
    first = normalise(text)
    if text.isascii():
        return (first,)
    others = (text.translate(table) for table in _SECOND_READINGS)
    return first, *(
        Name(name.tokens, name.folded if _ALIKE in name.folded else (*name.folded, _ALIKE))
        for other in others
        if other != text and (name := normalise(other)).tokens != first.tokens
    )


def trace(text: str) -> tuple[Step, ...]:
    """Steps 1 to 7 as they went: those that changed the text, in order, each with what it left. The last is the key."""
    taken: list[Step] = []
    before = text
    for name, after in _steps(text, []):
        if after != before:
            taken.append(Step(name, after))
        before = after
    return tuple(taken)


def _normalise(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    folded: list[str] = []
    for _, after in _steps(text, folded):
        text = after
    return tuple(text.split()), tuple(folded)


def _steps(text: str, folded: list[str]) -> Iterator[tuple[str, str]]:
    """Each step with the text after it; a step that a plain spelling does not need is added to `folded`."""
    text = text.translate(APOSTROPHES)
    yield "apostrophes dropped", text
    if not text.isascii():
        for name, folding in _foldings(text, folded):
            text = folding
            yield name, text
        text = text.translate(APOSTROPHES)
        yield "apostrophes dropped", text
    text = text.lower()
    yield "lower case", text
    if text.count(".") > 1:
        text = re.sub(_DOTTED, lambda match: match.group().replace(".", ""), text)
    yield "dotted initials joined", text
    words = _spaced(text).split()
    yield "punctuation and white space to one space", " ".join(words)
    yield "legal forms dropped", " ".join(_drop_legal_forms(words))


def _fold_unicode(text: str, folded: list[str]) -> str:
    """Steps 1 to 4 for text that is not plain ASCII."""
    for _, after in _foldings(text, folded):
        text = after
    return text


def _foldings(text: str, folded: list[str]) -> Iterator[tuple[str, str]]:
    """Steps 1 to 4 as `_steps` has them."""
    import unicodedata  # most documents are plain

    bare = strip_signs(text)
    yield _told("signs and fillers dropped", bare != text, folded), bare
    text = bare.translate(_SMALL_CAPITALS)
    yield _told("small capitals", text != bare, folded), text
    text = text.translate(_WHITE)
    yield "white space to spaces", text
    compatible = unicodedata.normalize("NFKC", text)
    odd = (compatible != unicodedata.normalize("NFC", text) and not re.search(_CJK, text)) or _KELVIN in text
    yield _told("compatibility forms (NFKC)", odd, folded), compatible
    visible = compatible if compatible.isprintable() else "".join(c for c in compatible if unicodedata.category(c) not in ("Cf", "Cc"))
    yield _told("invisible characters dropped", visible != compatible and _has_format_character(compatible), folded), visible
    spread = unicodedata.normalize("NFD", compatible)
    bare = "".join(c for c in spread if unicodedata.category(c) not in ("Mn", "Me", "Cf", "Cc"))
    yield _told("accents dropped", _has_latin_accent(spread), folded), bare
    bare = unicodedata.normalize("NFC", bare)
    latin = _latinise_words(bare)
    yield _told(_ALIKE, latin != bare, folded), latin
    bare = unicodedata.normalize("NFC", latin.casefold())
    yield "case folded", bare
    latin = _latinise_words(bare)  # a letter whose capital looks like none
    yield _told(_ALIKE, latin != bare, folded), latin


def _told(step: str, odd: bool, folded: list[str]) -> str:
    """The step, noted among those that a plain spelling does not need if it was one here."""
    if odd and step not in folded:
        folded.append(step)
    return step


def _has_format_character(text: str) -> bool:
    from unicodedata import category

    return any(category(c) == "Cf" for c in text)


def _has_latin_accent(decomposed: str) -> bool:
    from unicodedata import category

    return any(category(mark) == "Mn" and base.isascii() for base, mark in pairwise(decomposed))


def _latinise_words(text: str) -> str:
    """Step 3: a word that has Latin letters and look-alikes of other scripts becomes Latin; a pure Cyrillic or Greek word stays.

    A single letter, digits aside, goes with the words that it stands among (`Е-Surfing`).
    """
    if text.isascii() or not re.search(_LATIN, text):
        return text
    return re.sub(_WORD, _latinise, text)


@cache
def _to_latin() -> dict[int, str]:
    return {ord(alike): latin for latin, alikes in LETTERS.items() for alike in alikes}


def _latinise(match: re.Match[str]) -> str:
    word = match.group()
    if word.isascii() or not (re.search(_LATIN, word) or sum(map(str.isalpha, re.sub(_CJK, "", word))) == 1):
        return word
    latin = word.translate(_to_latin())
    return word if re.search(_FOREIGN, latin) else latin


def _drop_legal_forms(words: list[str]) -> tuple[str, ...]:
    """Legal forms off both ends, until nothing more comes off."""
    left = words
    while True:
        before = left
        left = [word for word in map(_drop_cjk_end, left) if word]
        while left and left[-1] in LEGAL_FORMS:
            left = left[:-1]
        while left and left[0] in LEGAL_FORMS:
            left = left[1:]
        for phrase in LEGAL_PHRASES:
            if len(left) > len(phrase) and tuple(left[-len(phrase) :]) == phrase:
                left = left[: -len(phrase)]
        if left == before:
            return tuple(left)


def _drop_cjk_end(word: str) -> str:
    if word.isascii():
        return word
    return "" if word in CJK_LEGAL_ENDS else next((word.removesuffix(end) for end in CJK_LEGAL_ENDS if word.endswith(end)), word)


CONNECTIVES = frozenset("and the of for de do da del di du la le el et und y e".split())
"""Small words between the others, in the languages of national subsidiaries."""


def core(name: Name) -> str:
    """The name without places, generic business words and legal forms anywhere: what is left of a short brand."""
    words = (_cjk_core(word) if not word.isascii() and is_cjk(word) else word for word in name.tokens)
    return " ".join(w for w in words if w and not any(w in known for known in (PLACES, BUSINESS_WORDS, LEGAL_FORMS, CONNECTIVES)))


def _cjk_core(word: str) -> str:
    """A Chinese company name without its city in front and its trade behind: 深圳市海思技术有限公司 -> 海思."""
    for place in CJK_PLACES:
        rest = word.removeprefix(place)
        if rest != word:
            word = rest.removeprefix("市").removeprefix("省")
            break
    while end := next((e for e in (*CJK_LEGAL_ENDS, *CJK_TRADES) if word.endswith(e)), ""):
        word = word.removesuffix(end)
    return word


def has_business_word(text: str) -> bool:
    """Whether the text names a company rather than a person: a legal form or a generic business word is among its words."""
    words = _spaced(text.lower().replace(".", "")).split()
    return any(word in LEGAL_FORMS or word in BUSINESS_WORDS for word in words) or bool(re.search(_CJK, text) and "公司" in text)


_HUMPS = r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"


def words_of(text: str) -> tuple[str, ...]:
    """The words of a component name, lower case: split at punctuation."""
    if not text.isascii():
        text = _fold_unicode(text, [])
    return tuple(_spaced(text.lower()).split())


def _spaced(text: str) -> str:
    """The text with spaces for punctuation."""
    return text.translate(_ASCII_TO_SPACE) if text.isascii() else re.sub(_NOT_WORD, " ", text)


def split_humps(text: str) -> str:
    """The text with a space at each camel-case hump: `DJISDKManager` -> `DJISDK Manager`."""
    return text if text.islower() else re.sub(_HUMPS, " ", text)


def humps_of(text: str) -> tuple[str, ...]:
    """As `words_of`, with camel-case humps as words of their own."""
    return words_of(split_humps(text))


def strip_signs(text: str) -> str:
    """The text without trade mark signs and fillers that show as nothing."""
    return text.translate(_IGNORED)


def fold(text: str) -> str:
    """Steps 1 to 4 for any text: what it looks like in plain lower-case letters, spaces and punctuation kept."""
    return text.lower() if text.isascii() and text.isprintable() else _fold_unicode(text, [])


def shape(word: str) -> str:
    """A lower-case word with ASCII letters and digits that look alike brought to one of them: `huawe1` and `huavvei` are of one shape."""
    word = word.translate(SHAPES)
    for pair, letter in PAIRS:
        if pair in word:
            word = word.replace(pair, letter)
    return word


def by_shape(text: str) -> str:
    """The text with signs that look like a letter read as that letter."""
    return text.translate(_BY_SHAPE)


def masks(word: str) -> Iterator[str]:
    """The word with one ASCII letter or digit, or two, swapped for what looks like it: `huawe1`, `huawel`, `huavvei`."""
    for at, letter in enumerate(word):
        rest = word[at + 1 :]
        yield from (f"{word[:at]}{other}{rest}" for group in ("o0", "il1") if letter in group for other in group if other != letter)
        yield from (f"{word[:at]}{pair}{rest}" for pair, single in PAIRS if letter == single)


def shapes(words: Iterable[str]) -> dict[str, str]:
    """Words, and those that company names share, by shape; for `unmask`. Of several of one shape the first in the alphabet stands."""
    found: dict[str, set[str]] = {}
    for word in {*words, *(word for group in (LEGAL_FORMS, PLACES, BUSINESS_WORDS) for word in group if len(word) > 2)}:
        if word.isascii() and len(word) > 1 and not _SHAPED.isdisjoint(word):
            found.setdefault(shape(word), set()).add(word)
    return {key: min(same) for key, same in sorted(found.items())}


_SHAPED = frozenset("ilo01wmd")


def unmask(text: str, known: Mapping[str, str]) -> Name:
    """The name with look-alikes among ASCII letters and digits undone (`HUAWEl`, `Hikvisi0n`).

    In a word of capitals l, 1 and | are read as I and 0 as O; any other word as the known one of its shape, a short one only where it is
    not alone among legal forms, places and business words. `known` is what `shapes` makes.
    """
    from unicodedata import normalize

    plain = _latinise_words(normalize("NFKC", strip_signs(text)).translate(_BY_SHAPE))
    plain = re.sub(_INITIALS, lambda match: match.group().replace(".", ""), plain)
    plain = re.sub(_CAPITALS, lambda match: match.group().translate(_AS_CAPITALS), plain).replace("|", "l")
    words = normalise(plain).tokens
    others = [known.get(shape(word), word) for word in words]
    alone = sum(map(_is_telling, others)) < 2
    name = normalise(" ".join(map(_unmasked, words, others, repeat(alone))))
    return Name(name.tokens, (*normalise(text).folded, UNMASKED))


_CODES = r"\\(?:u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))"
_HIDING = r"&(?:#\w+|[A-Za-z]+);|%[0-9A-Fa-f]{2}|\x1b\[[0-9;]*[A-Za-z]|[^\x08]\x08|" + _CODES


def unescape(text: str) -> str:
    """The text with references of HTML, percent-escapes and the codes of JSON and C (`\\u0048`, `\\x48`) undone, and without codes for
    terminals and what a backspace takes away."""
    if not re.search(_HIDING, text):
        return text
    from html import unescape as undo

    plain = re.sub(r"\x1b\[[0-9;]*[A-Za-z]|[^\x08]\x08", "", text)
    return undo(unquote(re.sub(_CODES, lambda match: chr(int(match[1] or match[2], 16)), plain)))


SURNAMES = frozenset(
    (
        "bai cai cao chen cheng cui dai deng ding dong du duan fan fang feng fu gao gong gu guo han hao he hou hu huang jia jiang jin "
        "kong lai lei li liang liao lin liu long lu luo lv ma mao meng mo ni pan peng qian qiao qin qiu ren shao shen shi song su sun "
        "tan tang tao tian wan wang wei wen wu xia xiang xiao xie xiong xu xue yan yang yao ye yi yin yu yuan zeng zhang zhao zheng "
        "zhong zhou zhu zou"
    ).split()
)
"""The commonest Chinese family names in Latin letters: beside one of these a vendor's name is a given name."""


def is_person_called(name: Name) -> bool:
    """Whether a name of two words is a person's: one of them is a common family name."""
    return len(name.tokens) == 2 and not SURNAMES.isdisjoint(name.tokens)


def _unmasked(word: str, other: str, alone: bool) -> str:
    return word if alone and len(word) < MASKABLE and _is_telling(other) else other


def _is_telling(word: str) -> bool:
    """Whether the word is none that many company names share."""
    return not any(word in words for words in (LEGAL_FORMS, PLACES, BUSINESS_WORDS))


def odd_steps(text: str) -> tuple[str, ...]:
    """Which of steps 1 to 4 the text takes that a plain spelling would not need."""
    folded: list[str] = []
    if not (text.isascii() and text.isprintable()):
        _fold_unicode(text, folded)
    return tuple(folded)


def is_cjk(text: str) -> bool:
    """Whether the text holds Chinese, Japanese or Korean characters, which are written without spaces between words."""
    return bool(re.search(_CJK, text))
