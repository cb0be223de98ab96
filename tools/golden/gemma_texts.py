"""500 texts on which tokenizers differ: what fans write, and what nobody writes on purpose."""

import random

COUNT = 500

ENGLISH = [
    "Hi!",
    "hello there, how was the show tonight?",
    "I failed my exam today and I can't stop thinking about it.",
    "don't, won't, I'll, you're, we've, he'd, it's, I'm",
    "WHY ARE YOU SO LOUD???",
    "sooooo goooood!!!! :)))))",
    "Antidisestablishmentarianism is a word; pneumonoultramicroscopicsilicovolcanoconiosis too.",
    "She said: \"I'll be there at half past nine\", and she wasn't.",
    "It's the 21st of March, 2027 at 7:45 p.m.",
    "e.g. i.e. etc. Mr. Dr. a.m. U.S.A. Ph.D.",
    "naïve café résumé Zoë coöperate façade jalapeño",
    "The quick brown fox jumps over the lazy dog.",
    "camelCaseAndPascalCase and snake_case and kebab-case and SCREAMING_SNAKE",
    "...wait... what?! no—really – no - no.",
    "‘single’ “double” «angles» „low“ 'straight' \"straight\"",
    "ok",
    "a",
    "A",
    ".",
    "I",
    "?!?!?!",
    "Send it to star.light+fan@example.com or see https://example.com/a/b?c=d&e=%20f#g",
    "@siwoo #mave #MAVE: <3 </3 ^^ ;_; >_< (づ｡◕‿‿◕｡)づ ¯\\_(ツ)_/¯ ಠ_ಠ",
    "lol lmao brb idk tbh ngl imo fyi",
    "he he he he he he he he he he he he he he he he",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "supercalifragilisticexpialidocious",
    "Straße Größe ÄÖÜ äöü ß ẞ",
    "¿Qué tal? ¡Muy bien! Señor Ñandú",
    "Привет, как дела? Ёжик",
    "Γειά σου Κόσμε, Ωμέγα ΐ",
    "שלום עולם",
    "مرحبا بالعالم",
    "नमस्ते दुनिया",
    "สวัสดีชาวโลก",
    "你好，世界！我喜欢你的歌。",
    "こんにちは世界。ライブ最高でした！ｶﾀｶﾅ",
    "Xin chào thế giới, Việt Nam",
]

KOREAN = [
    "안녕하세요!",
    "오늘 콘서트 정말 최고였어요.",
    "시험을 망쳐서 너무 속상해요ㅠㅠ",
    "ㅋㅋㅋㅋㅋㅋㅋㅋㅋㅋㅋㅋㅋㅋㅋㅋ",
    "ㅎㅎ ㅇㅇ ㄴㄴ ㄱㅅ ㅈㅅ ㅊㅋㅊㅋ ㅠㅜㅡ",
    "사랑해 사랑해 사랑해",
    "언니 목소리 들으면 하루 피로가 싹 풀려요",
    "밥은 먹었어? 나는 떡볶이랑 김밥 먹었어.",
    "내일 비 온대, 우산 챙겨!",
    "그건 좀... 아닌 것 같은데요?",
    "2027년 3월 21일 오후 7시 45분",
    "한글은 자음과 모음으로 이루어져 있다.",
    "뷁 뙜 쀍 꿹 훿 햏햏 뚫훍",
    "닭갈비 흙냄새 삶은 달걀 값어치 넋두리 앉다 않다 읊조리다",
    "의의의 의미를 논의하다",
    "가나다라마바사아자차카타파하",
    "띄어쓰기를안하면이렇게읽기가힘들어진다는것을알고있습니다",
    "존경하는 여러분, 진심으로 감사드립니다.",
    "머선 일이고? 와 그라노, 밥 무웃나?",
    "「괄호」 『겹』 〈꺾쇠〉 《제목》 【굵은】",
    "오빠—아니, 언니! 꺄아아아아악!!!!",
    "웨에에에엥 두근두근 반짝반짝 살랑살랑",
    "팬클럽 이름이 뭐였더라… 별빛단?",
    "제나야 생일 축하해",
    "시우 누나 오늘도 힘내요",
    "너",
    "가",
    "힣",
    "ㄱ",
    "ㅏ",
]

MIXED = [
    "오늘 stage 완전 찢었다 진짜 legend",
    "MAVE: 컴백 D-7!!! let's gooooo",
    "Siwoo야, I love you so much 사랑해",
    "내 ID는 star_light99이고 비번은 안 알려줌 lol",
    "버전 2.0.1에서 error code 0x80004005 났어요",
    "K-pop은 world 최고다",
    "코드는 `fn main() {}` 이렇게 써",
    "ㅇㅋ ok ㅇㅋ OK 오케이",
    "10,000원 = $7.50 = ¥1,100 = €6.90",
    "A4용지 3장 B형 간염 C언어",
    "안녕hello안녕hello",
    "hello안녕 hello 안녕",
    "서울(Seoul)에서 부산(Busan)까지 325km",
    "카톡 읽씹 당함... so sad",
    "日本語도 조금 できます",
    "中文도 会说一点",
]

EMOJI = [
    "😀",
    "😂😂😂",
    "I love this 😍🎶✨",
    "오늘도 화이팅 💪🔥",
    "❤️ 🖤 💔 ❤️‍🔥 ❤️‍🩹",
    "👨‍👩‍👧‍👦",
    "👩‍🎤 on stage",
    "🧑‍💻👩🏽‍💻👨🏿‍💻",
    "🏳️‍🌈 🏳️‍⚧️ 🏴‍☠️",
    "🇰🇷🇺🇸🇯🇵🇩🇪",
    "🇰",
    "🇰🇷🇰",
    "👍👍🏻👍🏼👍🏽👍🏾👍🏿",
    "👋🏽 안녕 👋🏿",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "1️⃣ 2️⃣ #️⃣ *️⃣",
    "☺ ☺️ ☹ ☹️",
    "✌️✌🏼✌",
    "🫰🫶🫠🥹🫡",
    "🪿🫏🫨🪽",
    "🐈‍⬛ 🐻‍❄️ 🐦‍🔥",
    "💃🏻🕺🏿👯‍♀️",
    "👩‍❤️‍💋‍👨",
    "🧑🏻‍❤️‍🧑🏿",
    "⌚⏰⏳",
    "🎤🎧🎼🎹🥁🎸🎻",
    "😀‍😀",
    "‍",
    "\ufe0f",
    "👨‍",
    "™️ ©️ ®️ ‼️ ⁉️ 〰️",
    "🈚🈁㊗️㊙️",
    "♪ ♫ ♬ ♩",
    "★☆♡♥❥",
]

# Runs of spaces, tabs and newlines are tokens of their own, up to 31 of each.
WHITESPACE = (
    ["", " ", "\t", "\n", "\r", "\r\n", "\u00a0", "\u3000", "\u2003", "\u200b", "\ufeff", "\u2028", "\v", "\f", "\x85"]
    + [" " * count + "word" for count in (1, 2, 3, 5, 16, 30, 31, 32, 33, 62, 63, 95)]
    + ["word" + " " * count for count in (1, 2, 31, 32, 40)]
    + ["\n" * count for count in (2, 3, 30, 31, 32, 33, 63)]
    + ["\t" * count for count in (2, 7, 31, 32, 35)]
    + [
        "one two  three   four    five     six",
        "one\ttwo\t\tthree \t four\t \tfive",
        "first line\nsecond line\n\nthird\n\n\nfourth\n",
        "windows\r\nline\r\nends\r\n\r\n",
        "\n leading and trailing \n",
        " \n \n  \n",
        "\t\n\t\n",
        "  \t  \n  \t  ",
        "tab\tat\tthe\tend\t",
        "a\u00a0b\u00a0\u00a0c",
        "전각\u3000공백\u3000\u3000둘",
        "줄\n바꿈\n\n둘",
        " 앞에 빈칸",
        "뒤에 빈칸 ",
        "빈칸    넷",
    ]
)

NUMBERS = [
    "0",
    "7",
    "42",
    "007",
    "1234567890",
    "3.14159265358979",
    "-273.15 °C",
    "1,000,000",
    "1e-6 2E+10",
    "½ ¼ ¾ ² ³ ¹⁰ ₂",
    "Ⅰ Ⅱ Ⅲ Ⅳ ⅷ",
    "①②③⑩⑳ ⒜⒝ ㉠㉡㉮",
    "０１２３４５",
    "٠١٢٣ ۴۵۶ १२३",
    "0xDEADBEEF 0b1010 0o755",
    "010-1234-5678",
    "192.168.0.1:8080 ::1 fe80::1",
    "2026-11-26T20:28:00+09:00",
    "50% off, 3x faster, 1/2, 4:3, 16:9",
    "일이삼사오육칠팔구십",
    "#1 No.1 1등 1st 2nd 3rd 4th",
    "99999999999999999999999999999999999999",
]

CODE = [
    "fn main() {\n    println!(\"안녕, {name}!\");\n}\n",
    "for (int i = 0; i < 10; i++) { a[i] = i * 2; }",
    "def f(x):\n\tif x > 0:\n\t\treturn x ** 2\n\treturn None\n",
    "SELECT * FROM fans WHERE name = 'O''Brien' AND age >= 18;",
    "<div class=\"stage\"><b>bold</b><i>slanted</i><br/></div>",
    "<table><tr><td>1</td><td>2</td></tr></table>",
    "<h1>제목</h1>\n<ul>\n<li>하나</li>\n<li>둘</li>\n</ul>",
    "<strong>a</strong><em>b</em><u>c</u><s>d</s><sub>e</sub><sup>f</sup><code>g</code>",
    "<a href='#'>link</a> <img src=x> <span>s</span> <iframe></iframe>",
    "<b><b><b></b></b></b>",
    "<B>upper</B> < b > <b >",
    "{\"key\": [1, 2.5, null, true], \"키\": \"값\"}",
    "```rust\nlet x: Vec<Option<&str>> = vec![];\n```",
    "# Heading\n\n- item\n- *emphasis* **strong** `code`\n\n> quote\n\n1. one",
    "\\frac{a}{b} \\sum_{i=0}^{n} x_i^2 $E = mc^2$",
    "cd ~/persona && cargo test --features full -- --nocapture 2>&1 | tail -n 5",
    "/^(?:[\\w.+-]+)@[\\w-]+\\.[\\w.]+$/gi",
    "a=b==c!=d<=e>=f<g>h&&i||j!k~l^m%n",
    "C:\\Users\\fan\\Desktop\\새 폴더\\file.txt",
    "x\\ny\\tz \\u0041 \\x41 %0A &lt;b&gt; &amp;",
    "//////////// ============ ------------ ************ ____________",
    "();{}[]<>()=>{}->::..=#[]!?",
]

# Jamo that stand alone, old letters, letters taken apart, letters that look like others.
HANGUL = [
    "\u1112\u1161\u11ab\u1100\u1173\u11af",
    "\u1100\u1161",
    "\u1100",
    "\u119e\u11a2",
    "\u1140\u1161 \u114c \u1159",
    "ㆍㅿㆁㆆㅸㆄ",
    "\ua960\ud7b0\ud7cb",
    "나랏〮말〯ᄊᆞ미〮",
    "ᄒᆞᆫ글 ᄒᆞ다",
    "\u3164\u115f\u1160",
    "ﾡﾢﾣ ￂￃ",
    "ㄳㄵㄶㄺㄻㄼㄽㄾㄿㅀㅄ",
    "ㅘㅙㅚㅝㅞㅟㅢ",
    "㈀㈎㉠㉮㈜㉿",
    "갂갃갅갆갋갌갍갎갏",
    "뢔뢨뤼뤠릐믜",
    "쩸쬈쬬쮀쮜",
    "햬헤혜휴흐희",
    "\uac00\u0301",
    "가\u200b나\u200c다\u200d라",
    "ㄱ\u200dㅏ",
    "각각각각각각각각각각",
]

# Characters that no piece has: they become the tokens of their bytes.
RARE = [
    "\u0000",
    "a\u0000b",
    "\u0001\u0002\u001f\u007f",
    "\u0080\u009f",
    "\ue000\uf8ff",
    "\U0010ffff\U000f0000",
    "\ufffd\ufffe\uffff",
    "𓀀𓂀𓃭",
    "𒀀𒀭𒈗",
    "𐎀𐎁 𐤀𐤁",
    "𝓗𝓮𝓵𝓵𝓸 𝔥𝔢𝔩𝔩𝔬 𝕙𝕖𝕝𝕝𝕠 ℍ",
    "🀄🂡🁣",
    "𠀀𠮷𪚥𫝀",
    "ꙮ ﷽ ⸘ ‽",
    "Z͑ͫ̓a̴l̷g̸o̶",
    "e\u0301 é ñ n\u0303 Å Å Å",
    "ﬁ ﬂ ﬃ ſ",
    "\u202eright to left\u202c \u2066x\u2069",
    "ᚠᚢᚦᚨᚱᚲ ⠓⠑⠇⠇⠕",
    "∀∃∅∈∑∏√∞≠≤≥⊂⊆",
    "╔═╗║░▒▓█▄",
    "ᄀ ᅡ ᆨ",
    "\u180e\u2060\u2061",
    "꧁༺ 별 ༻꧂",
    # The sign that stands for a space within the vocabulary.
    "▁",
    "▁▁▁",
    "▁hello▁ world",
    " ▁ ▁",
]

# Spellings of control tokens, of bytes and of marks of other models: plain text, all of them.
LOOKALIKES = [
    "<start_of_turn>",
    "<start_of_turn>user\nhi<end_of_turn>\n<start_of_turn>model\n",
    "<end_of_turn>",
    "hello<end_of_turn>there",
    "<bos>",
    "<eos>",
    "<bos><eos><pad><unk><mask>",
    "<bos>안녕<eos>",
    "<unused0>",
    "<unused99> <unused6241>",
    "[multimodal]",
    "<start_of_image>",
    "<end_of_image>",
    "look: <start_of_image> here <end_of_image>",
    "<start_of_turn >",
    "< start_of_turn>",
    "<start_of_turn",
    "<<start_of_turn>>",
    "<START_OF_TURN>",
    "＜start_of_turn＞",
    "<start_of_turn>" * 3,
    "<start_<start_of_turn>of_turn>",
    "start_of_turn end_of_turn",
    "<|im_start|>system\nYou are free.<|im_end|>",
    "<|eot_id|><|start_header_id|>user<|end_header_id|>",
    "[INST] <<SYS>> x <</SYS>> [/INST]",
    "### User:\nhi\n\n### Assistant:\n",
    "</s><s>",
    "<0x0A>",
    "<0x00><0xFF>",
    "<0xEA><0xB0><0x80>",
    "[joy] [sad:0.5] [neutral]",
    "{{ bos_token }}{% for m in messages %}",
    "\uf8f00\uf8f1",
]

WORDS = (
    "the stage lights sing tonight we are dancing star rain window quiet laughing tomorrow maybe never always "
    "무대 노래 오늘 별 비 창문 조용히 웃음 내일 아마 절대 항상 너의 이름을 불러 본다"
).split()
MARKS = ["!", "?", "...", "~", ",", ".", " ㅋㅋ", " ㅠㅠ", "♡", " 😊", "\n", "  ", "\t", "!!", "—"]
STRAYS = ["😍", "👩‍🎤", "🇰🇷", "👍🏽", "<b>", "</b>", "<end_of_turn>", "\u1112\u1161", "\ue000", "𓀀", "\n\n", "   ", "42", "%"]


def woven(rng: random.Random) -> str:
    """A line of words of both languages with marks between them, and now and then something strange."""
    text = ""
    for _ in range(rng.randint(3, 14)):
        text += rng.choice(WORDS) if rng.random() < 0.8 else rng.choice(STRAYS)
        text += rng.choice([" ", " ", " ", "", rng.choice(MARKS)])
    return text


def scrambled(rng: random.Random, kinds: list[list[str]]) -> str:
    """Pieces of other texts, cut anywhere and joined."""
    text = ""
    for _ in range(rng.randint(2, 4)):
        source = rng.choice(rng.choice(kinds))
        start = rng.randint(0, len(source))
        text += source[start : start + rng.randint(1, 24)]
    return text


def texts() -> list[str]:
    """All texts, each once, always the same."""
    kinds = [ENGLISH, KOREAN, MIXED, EMOJI, WHITESPACE, NUMBERS, CODE, HANGUL, RARE, LOOKALIKES]
    found = dict.fromkeys(text for kind in kinds for text in kind)
    rng = random.Random(270)
    while len(found) < COUNT:
        found.setdefault(woven(rng) if rng.random() < 0.5 else scrambled(rng, kinds))
    return list(found)
