// Writes the token ids that llama.cpp gives for the texts of a file: the reference of our tokenizer.
//
//   npm install --ignore-scripts node-llama-cpp
//   node tokenizer_reference.mjs MODEL.gguf texts.json > tests/data/tokenizer_NAME.json
//
// texts.json is a list of {"text": …, "template": true|false}; with "template" the control tokens
// that are spelt in the text are read as such, as in a chat template.
import {readFile} from "node:fs/promises";
import {getLlama} from "node-llama-cpp";

const [modelPath, textsPath] = process.argv.slice(2);
const llama = await getLlama({gpu: false, build: "never", logLevel: "error"});
const model = await llama.loadModel({modelPath, vocabOnly: true});
const texts = JSON.parse(await readFile(textsPath, "utf8"));
const lines = texts.map(({text, template}) =>
    JSON.stringify({text, template: !!template, ids: model.tokenize(text, !!template)}));
console.log("[\n" + lines.join(",\n") + "\n]");
process.exit(0);
