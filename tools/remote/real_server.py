"""Has the same talk with a model inside of the program and with the same model behind a real server.

Usage: real_server.py PERSONA_COMMAND MODEL.gguf [--at URL#NAME] [MODE...]

Needs the server of llama.cpp, as `pip install xllamacpp` brings it; it is started on a free port of this
machine, with the file that the program is given too. With --at, a server that runs already is asked instead:
`python -m llama_cpp.server --model MODEL.gguf --port 8001` of `pip install 'llama-cpp-python[server]'` is at
`http://127.0.0.1:8001/v1#default`. Each MODE (text, grammar, json; all three without) is a way to tag feelings. Of every talk the same is asked: each message ends in one event, well; a reply of
the model opens with a feeling, all its feelings are hers, its words are not empty and hold no tag, and its
tokens are counted. Then one talk is broken off in the middle, and the server must be free again at once.
"""

import argparse
import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

TALK = [
    "Hi Siwoo!",
    "I baked bread today, and it smells wonderful.",
    "I failed my exam, and I feel awful.",
    "What should I do tomorrow?",
    "Thank you for listening. Good night!",
]
FEELINGS = {"neutral", "joy", "love", "playful", "shy", "surprised", "sad", "angry"}


def serve(model):
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(model)
    params.model_alias = {"default"}
    params.n_ctx = 4096
    params.n_parallel = 2
    params.cpuparams.n_threads = 2
    params.hostnames = ["127.0.0.1"]
    return xllamacpp.Server(params)


def talk(command, model, *options):
    """The events of a talk, in lists, one for each message."""
    line = [command, "chat", "siwoo", "--json", "--timings", "--seed", "7", "--improvise",
            "--model", model, *options]
    began = time.time()
    done = subprocess.run(line, input="\n".join(TALK) + "\n", capture_output=True, text=True, timeout=900)
    if done.returncode != 0:
        sys.exit(f"{' '.join(line)}: {done.stderr}")
    replies, events = [], []
    for text in done.stdout.splitlines():
        events.append(json.loads(text))
        if events[-1]["event"] in ("reply_finished", "reply_failed"):
            replies.append(events)
            events = []
    return replies, events, time.time() - began


def check(name, replies, left):
    faults = []
    if left or len(replies) != len(TALK):
        faults.append(f"{len(TALK)} messages, {len(replies)} ends, {len(left)} events behind the last")
    by_model = 0
    for fan, events in zip(TALK, replies):
        end = events[-1]
        beats = [event for event in events if event["event"] == "beat"]
        said = "".join(beat["text"] for beat in beats)
        shown = " ".join(f"[{beat['emotion']}]{beat['text']}" for beat in beats)
        source = next((e["source"] for e in events if e["event"] == "reply_started"), None)
        print(f"  {fan}\n    {source}: {shown}\n    {end.get('reason')}, {end.get('tokens')} tokens, "
              f"{end.get('ttft_ms')} ms, {end.get('tok_per_s')} tokens/s")
        if end["event"] != "reply_finished":
            faults.append(f"{fan!r} failed: {end['text']}")
            continue
        if source == "model":
            by_model += 1
            if not end["tokens"]:
                faults.append(f"{fan!r}: no tokens were counted")
        if not said.strip() or said != end["text"]:
            faults.append(f"{fan!r}: {said!r} is not {end['text']!r}")
        for beat in beats:
            if beat["emotion"] not in FEELINGS:
                faults.append(f"{fan!r}: {beat['emotion']} is no feeling of hers")
            if any(f"[{feeling}]" in beat["text"] for feeling in FEELINGS):
                faults.append(f"{fan!r}: a tag in {beat['text']!r}")
    if by_model == 0:
        faults.append("the model was never asked")
    print(f"{name}: {by_model} of {len(replies)} replies by the model, {len(faults)} faults")
    for fault in faults:
        print(f"  FAULT {fault}")
    return not faults


def breaks_off(command, address, url):
    """A program that ends in the middle of a reply leaves no work behind."""
    line = [command, "chat", "siwoo", "--json", "--improvise", "--model", address]
    line += ["--max-tokens", "4000"]
    child = subprocess.Popen(line, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    child.stdin.write("Tell me a very long story about the sea, please.\n")
    child.stdin.flush()
    child.stdout.readline()
    child.kill()
    child.wait()
    for _ in range(100):
        with urllib.request.urlopen(f"{url}/slots") as answer:
            if not any(slot["is_processing"] for slot in json.load(answer)):
                return True
        time.sleep(0.1)
    print("  FAULT the server still works on a reply that nobody hears")
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command")
    parser.add_argument("model", type=Path)
    parser.add_argument("--at", metavar="URL#NAME")
    parser.add_argument("modes", nargs="*", default=["text", "grammar", "json"])
    args = parser.parse_intermixed_args()
    model = args.model.resolve()
    server = None if args.at else serve(model)
    address = f"remote:{args.at}" if args.at else f"remote:{server.listening_address}/v1#default"
    good = True
    for name, source, options in [("embedded", str(model), ["--no-adapters"])] + [
        (f"server, {mode}", address, ["--tags", mode]) for mode in args.modes
    ]:
        print(name)
        replies, left, seconds = talk(args.command, source, *options)
        good &= check(name, replies, left)
        print(f"  {seconds:.1f} s in all")
    if server:
        # Only the server of llama.cpp tells what it is working on.
        good &= breaks_off(args.command, address, server.listening_address)
    print("all is well" if good else "not all is well")
    # The server's threads would wait for requests.
    sys.stdout.flush()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
