"""Writes the tokens that SentencePiece makes of 500 texts with the vocabulary of Gemma 3 270M.

    pip install gguf sentencepiece protobuf
    python tools/golden/gemma_tokens.py gemma-3-270m-q4_k_m.gguf > tests/data/tokenizer_gemma3.json

The file is in the folder of models (`persona model list` names it) once `cargo test --test gemma` has run.

The vocabulary comes from the GGUF file; how it is used is SentencePiece's own code, with the settings with
which Gemma was trained: byte-pair merges by score, characters without a piece as bytes, no space put in
front, no space taken away, no character changed.

What a fan writes is text. So the kinds of tokens are those of the file, in which the marks of turns are
control tokens, which SentencePiece makes of no text; and three more that steer the model and that the file
takes for text (of images and of several media) are control tokens here too.
"""

import json
import sys

import sentencepiece
from gemma_texts import texts
from gguf import GGUFReader
from sentencepiece import sentencepiece_model_pb2 as proto

ABOUT = (
    "Tokens of SentencePiece for Gemma 3 270M, made by tools/golden/gemma_tokens.py. Each text is what a fan "
    "might write: spellings of control tokens in it (<start_of_turn>, <bos>, <start_of_image> ...) are meant as "
    "plain text, so none of them is one token, and no id below is that of a control token."
)

# As GGUF numbers kinds of tokens, and as SentencePiece names them.
PIECE = proto.ModelProto.SentencePiece
KINDS = {1: PIECE.NORMAL, 2: PIECE.UNKNOWN, 3: PIECE.CONTROL, 4: PIECE.USER_DEFINED, 5: PIECE.UNUSED, 6: PIECE.BYTE}
CONTROL, USER_DEFINED = 3, 4
STEERING = {"[multimodal]", "<start_of_image>", "<end_of_image>"}


def processor(path: str) -> tuple[sentencepiece.SentencePieceProcessor, set[int]]:
    """SentencePiece with the vocabulary of a file, and the ids of its control tokens."""
    fields = GGUFReader(path).fields
    read = lambda key: fields[f"tokenizer.ggml.{key}"].contents()
    model, control = proto.ModelProto(), set()
    for id, (token, score, kind) in enumerate(zip(read("tokens"), read("scores"), read("token_type"), strict=True)):
        kind = CONTROL if token in STEERING else kind
        if kind == CONTROL:
            control.add(id)
        # SentencePiece wants exactly one unknown token; it is of no use to a model with all bytes.
        kind = 2 if token == "<unk>" else kind
        # GGUF has plain spaces in these.
        token = token.replace(" ", "▁") if kind == USER_DEFINED else token
        model.pieces.add(piece=token, score=score, type=KINDS[kind])
    trainer, normalizer = model.trainer_spec, model.normalizer_spec
    trainer.model_type, trainer.byte_fallback, trainer.vocab_size = trainer.BPE, True, len(model.pieces)
    trainer.pad_id, trainer.eos_id, trainer.bos_id, trainer.unk_id = 0, 1, 2, 3
    normalizer.name, normalizer.add_dummy_prefix = "identity", False
    normalizer.remove_extra_whitespaces, normalizer.escape_whitespaces = False, True
    return sentencepiece.SentencePieceProcessor(model_proto=model.SerializeToString()), control


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    pieces, control = processor(sys.argv[1])
    lines = []
    for text in texts():
        ids = pieces.encode(text)
        assert not control.intersection(ids), text
        lines.append(json.dumps({"text": text, "ids": ids}, ensure_ascii=False, separators=(",", ":")))
    print('{"about":' + json.dumps(ABOUT) + ',\n"strings":[\n' + ",\n".join(lines) + "\n]}")


if __name__ == "__main__":
    main()
