"""Letters of other scripts that look like a Latin one: Unicode's confusables (UTS #39), by the lower-case letter that they imitate.

Of each class of confusable characters those are listed that compatibility forms (NFKC), case and accents do not bring to the letter
anyway, and besides them small letters of Greek and Cyrillic whose capital imitates a Latin one. What looks like a capital I as much as
like a small l stands under i. All are written as escapes: many have no common font, and some run from right to left.
"""

LETTERS = {
    "a": "\u0251\u0391\u03b1\u0410\u0430\u13aa\u15c5\ua4ee\U000102a0\U00016f40",
    "b": "\u0184\u0392\u03b2\u0412\u042c\u0432\u044c\u13cf\u13f4\u1472\u15af\u15f7\ua4d0\ua7b4\U00010282\U000102a1\U00010301",
    "c": ("\u03a3\u03c2\u0421\u0441\u13df\u2ca4\u2ca5\ua4da\uabaf\U000102a2\U00010302\U00010415\U0001043d\U0001051c\U000118e9\U000118f2"),
    "d": "\u0257\u0501\u13a0\u13e7\u146f\u15de\u15ea\ua4d2\ua4d3",
    "e": "\u0395\u03b5\u0415\u0435\u0454\u04bd\u13ac\u2d39\ua4f0\uab32\U00010286\U000118a6\U000118ae",
    "f": "\u0192\u03dc\u0584\u15b4\u1e9d\ua4dd\ua798\ua799\uab35\U00010287\U000102a5\U00010525\U000118a2\U000118c2",
    "g": "\u018d\u0261\u050c\u0581\u13c0\u13f3\u1d83\ua4d6",
    "h": "\u0397\u03b7\u041d\u043d\u04bb\u0570\u13bb\u13c2\u157c\u2c8e\ua4e7\U000102cf",
    "i": (
        "\u0131\u0196\u0269\u0399\u03b9\u0406\u0456\u04c0\u04cf\u13a5\u16c1\u2c92\u2d4f\ua4f2\ua647\uab75\U0001028a\U00010309"
        "\U00010320\U000118c3\U00016f28"
    ),
    "j": "\u037f\u03f3\u0408\u0458\u13ab\u148d\ua4d9\ua7b2",
    "k": "\u039a\u03ba\u041a\u043a\u13e6\u16d5\u2c94\ua4d7\U00010518",
    "l": "\u01c0\u06f1\u13de\u14aa\u2cd0\ua4e1\U0001041b\U00010526\U000118a3\U000118b2\U00016f16",
    "m": "\u039c\u03fa\u041c\u043c\u13b7\u15f0\u16d6\u2c98\ua4df\U000102b0\U00010311\U00011700\U000118e3",
    "n": "\u039d\u043f\u0578\u057c\u2c9a\ua4e0\U00010513",
    "o": (
        "\u039f\u03bf\u03c3\u041e\u043e\u0555\u0585\u06f5\u0966\u09e6\u0a66\u0ae6\u0b20\u0b66\u0be6\u0c66\u0ce6\u0d20\u0d66"
        "\u0e50\u0ed0\u101d\u1040\u10ff\u12d0\u1d11\u2c9e\u2c9f\u2d54\u3007\ua4f3\uab3d\U00010292\U000102ab\U00010404\U0001042c"
        "\U000104c2\U000104ea\U00010516\U000114d0\U000118b5\U000118c8\U000118d7\U000118e0"
    ),
    "p": "\u03a1\u03c1\u0420\u0440\u13e2\u146d\u2ca2\u2ca3\ua4d1\U00010295",
    "q": "\u051b\u0563\u0566\u2d55",
    "r": "\u01a6\u0433\u13a1\u13d2\u1587\u1d26\u2c85\ua4e3\uab47\uab48\uab81\U000104b4\U00016f35",
    "s": "\u01bd\u0405\u0455\u054f\u13d5\u13da\ua4e2\ua731\uabaa\U00010296\U00010420\U00010448\U000118c1\U00016f3a",
    "t": "\u03a4\u03c4\u0422\u0442\u13a2\u2ca6\ua4d4\U00010297\U000102b1\U00010315\U000118bc\U00016f0a",
    "u": "\u028b\u03c5\u0446\u054d\u057d\u1200\u144c\ua4f4\ua79f\uab4e\uab52\U000104ce\U000104f6\U000118b8\U000118d8\U00016f42",
    "v": "\u03bd\u0474\u0475\u06f7\u13d9\u142f\u2d38\ua4e6\ua6df\uaba9\U0001051d\U00011706\U000118a0\U000118c0\U00016f08",
    "w": "\u026f\u03c9\u0461\u051c\u051d\u0561\u13b3\u13d4\ua4ea\uab83\U0001170a\U0001170e\U0001170f\U000118e6\U000118ef",
    "x": ("\u03a7\u03c7\u0425\u0445\u1541\u157d\u16b7\u2cac\u2d5d\ua4eb\ua7b3\U00010290\U000102b4\U00010317\U00010322\U00010527\U000118ec"),
    "y": (
        "\u0263\u03a5\u03b3\u0423\u0443\u04ae\u04af\u10e7\u13a9\u13bd\u1d8c\u1eff\u2ca8\ua4ec\uab5a\U000102b2\U000118a4\U000118dc\U00016f43"
    ),
    "z": "\u0396\u03b6\u13c3\ua4dc\uab93\U000102f5\U000118a9\U000118c4\U000118e5",
}
"""Characters that count as letters or digits, so that they stand inside words."""

SYMBOLS = {
    "a": "\u237a",
    "c": "\U0001f74c",
    "e": "\u212e\u22ff",
    "f": "\U0001d213",
    "i": "\u2373",
    "l": "\u2223\u23fd\u2502\U0001d22a",
    "o": "\u0c02\u0c82\u0d02\u0d82",
    "p": "\u2374",
    "r": "\U0001d216",
    "t": "\u22a4\u27d9\U0001f768",
    "u": "\u222a\u22c3",
    "v": "\u2228\u22c1\U0001d20d",
    "x": "\u00d7\u166d\u166e\u2573\u292b\u292c\u2a2f",
}
"""Characters that part words, and are a letter only in the eye of a reader who expects one."""

SHAPES = str.maketrans("01i|", "olll")
"""Brings lower-case ASCII letters and digits that look alike to one of them: `huawe1`, `huawel` and `huawei` come to `huawel`."""

PAIRS = (("vv", "w"), ("rn", "m"), ("cl", "d"))
"""Two letters side by side that look like one."""
