"""Where the letters of other scripts stand on a keyboard: the Latin letter of the same key.

Ctrl+C is where C is. Terminals that speak the kitty protocol tell that key; with xterm's modifyOtherKeys a Cyrillic
keyboard tells only that Ctrl and `с` were pressed, so the usual layouts are needed here. Where two of them put a letter
on different keys, the one that stands first counts.
"""

from typing import Final

_LAYOUTS: Final = (
    ("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё"),  # Russian
    ("so']", "іўєї"),  # Ukrainian and Belarusian, where they differ
    ("qw]jzx'", "љњђјѕџћ"),  # Serbian and Macedonian letters that Russian lacks
    ("wertyuiopasdfghjklzxcvbnm", "ςερτυθιοπασδφγηξκλζχψωβνμ"),  # Greek
    ("ertyuiopasdfghjkl;zxcvbnm,.", "קראטוןםפשדגכעיחלךףזסבהנמצתץ"),  # Hebrew
    ("qwertyuiop[]asdfghjkl;'zxcvnm,.", "ضصثقفغعهخحجدشسيبلاتنمكطئءؤرىةوز"),  # Arabic
    ("qwertyuiopasdfghjklzxcvbnm", "ๆไำพะัีรนยฟหกดเ้่าสผปแอิืท"),  # Thai
    ("qwertyuiopasdfghjklzxcvbnm", "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ"),  # Korean
)
_PLACES: Final[dict[str, str]] = {}
for _latin, _letters in _LAYOUTS:
    for _key, _letter in zip(_latin, _letters, strict=True):
        _PLACES.setdefault(_letter, _key)


def latin_key(character: str) -> str:
    """What the same key writes on a Latin keyboard, a capital for a capital; the character itself where that is not
    known."""
    place = _PLACES.get(character.lower())
    if place is None:
        return character
    return place.upper() if character.isupper() else place
