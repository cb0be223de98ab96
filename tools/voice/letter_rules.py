"""Learns src/voice/english/letters.txt: which phones a letter has, by the letters around it.

Usage: letter_rules.py us_gold.json us_silver.json src/voice/english/letters.txt

The lexicons are those of misaki 0.9.4. Letters and phones are aligned by expectation maximisation (Viterbi),
one letter to at most two phones. Then a rule is kept for each context that answers otherwise than the shorter
context does, for at least KEEP more words. 2,000 words are held out; how well they are said is printed.
"""

import json
import math
import random
import sys
from collections import Counter, defaultdict

KEEP = 4
VOWELS = "AIOWYiuæɑəɛɜɪʊʌᵻᵊɔ"
# How far a context goes to the left and to the right; as VIEWS in letters.rs.
VIEWS = [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (2, 3), (3, 3), (3, 4), (4, 4), (4, 5), (4, 6)]
USUAL = dict(
    a="æ", b="b", c="k", d="d", e="ɛ", f="f", g="ɡ", h="h", i="ɪ", j="ʤ", k="k", l="l", m="m", n="n", o="ɑ", p="p",
    q="k", r="ɹ", s="s", t="t", u="ʌ", v="v", w="w", x="k", y="i", z="z",
)


def read(gold, silver):
    words = {}
    for path in (silver, gold):
        for word, said in json.load(open(path, encoding="utf-8")).items():
            said = said["DEFAULT"] if isinstance(said, dict) else said
            if said and word.isalpha() and word.isascii() and len(word) > 2 and not word.isupper():
                words[word.lower()] = said.replace("ʔ", "t")
    return words


def units(said):
    """Phones, each vowel with its stress."""
    result, stress = [], ""
    for c in said:
        if c in "ˈˌ":
            stress = c
        elif c in VOWELS:
            result.append(stress + c)
            stress = ""
        else:
            result.append(c)
    return result


def bare(phone):
    return phone.strip("ˈˌ")


def align(word, phones, costs):
    """For each letter where its phones begin and end, or nothing."""
    best = [{0: (0.0, None)}]
    for letter in word:
        row = {}
        for at, (cost, _) in best[-1].items():
            for length in (0, 1, 2):
                end = at + length
                if end > len(phones):
                    break
                chunk = tuple(phones[at:end])
                total = cost + costs[letter].get(chunk, -14 if length < 2 else -18)
                if end not in row or total > row[end][0]:
                    row[end] = (total, at)
        best.append(row)
    if len(phones) not in best[-1]:
        return None
    spans, end = [], len(phones)
    for row in reversed(best[1:]):
        start = row[end][1]
        spans.append((start, end))
        end = start
    return spans[::-1]


def aligned(words, known):
    costs = {letter: {(phone,): -1.0, (): -4.0} for letter, phone in USUAL.items()}
    some = random.sample(known, 12_000)
    for turn in range(5):
        counts = defaultdict(Counter)
        for word in some if turn < 4 else known:
            phones = [bare(phone) for phone in units(words[word])]
            spans = align(word, phones, costs)
            for letter, (start, end) in zip(word, spans or []):
                counts[letter][tuple(phones[start:end])] += 1
        costs = {
            letter: {chunk: math.log(n / sum(chunks.values())) for chunk, n in chunks.items()}
            for letter, chunks in counts.items()
        }
    for word in known:
        phones = units(words[word])
        spans = align(word, [bare(phone) for phone in phones], costs)
        if spans:
            yield word, ["".join(phones[start:end]) for start, end in spans]


def views(word, at):
    last = None
    for left, right in VIEWS:
        before = word[at - left : at] if at >= left else "_" + word[:at]
        after = word[at + 1 : at + 1 + right] if at + right < len(word) else word[at + 1 :] + "_"
        view = f"{before}>{word[at]}<{after}"
        if view != last:
            yield view
        last = view


def learn(data):
    counts, shorter = defaultdict(Counter), {}
    for word, chunks in data:
        for at, chunk in enumerate(chunks):
            last = None
            for view in views(word, at):
                counts[view][chunk] += 1
                shorter[view] = last
                last = view
    rules, answers = {}, {}
    for view in sorted(counts, key=len):
        best, times = counts[view].most_common(1)[0]
        inherited = answers.get(shorter[view])
        keep = inherited is None or best != inherited and times - counts[view][inherited] >= KEEP
        answers[view] = best if keep else inherited
        if keep:
            rules[view] = best
    return rules


def say(rules, word):
    chunks = []
    for at in range(len(word)):
        answer = ""
        for view in views(word, at):
            answer = rules.get(view, answer)
        chunks.append(answer)
    return "".join(chunks)


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        corner, row[0] = row[0], i + 1
        for j, y in enumerate(b):
            corner, row[j + 1] = row[j + 1], min(row[j + 1] + 1, row[j] + 1, corner + (x != y))
    return row[-1]


def main(gold, silver, out):
    random.seed(7)
    words = read(gold, silver)
    held = set(random.sample(sorted(words), 2000))
    rules = learn(list(aligned(words, [word for word in sorted(words) if word not in held])))
    plain = [(bare_all(say(rules, word)), bare_all(words[word])) for word in sorted(held)]
    wrong = sum(distance(said, meant) for said, meant in plain)
    right = sum(said == meant for said, meant in plain)
    print(f"{len(rules)} rules; phones wrong {wrong / sum(len(meant) for _, meant in plain):.3f}, words right {right / 2000:.3f}")
    with open(out, "w", encoding="utf-8") as file:
        for view in sorted(rules):
            file.write(f"{view} {rules[view].replace('ɾ', 'T')}\n")


def bare_all(said):
    return said.replace("ˈ", "").replace("ˌ", "")


if __name__ == "__main__":
    main(*sys.argv[1:])
