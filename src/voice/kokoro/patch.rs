//! Rewrites the one operation of the voice model that rten does not know.
//!
//! `FusedMatMul` of ONNX Runtime multiplies with a transposed matrix. It becomes a `Transpose` and a
//! `MatMul`, in the bytes of the file: those of the weights are neither copied nor looked at.

use std::ops::Range;

use super::protobuf::{Field, Malformed, fields, put_bytes, put_header, put_number};

/// Field numbers of onnx.proto3.
mod number {
    pub(super) const MODEL_GRAPH: u64 = 7;
    pub(super) const GRAPH_NODE: u64 = 1;
    pub(super) const NODE_INPUT: u64 = 1;
    pub(super) const NODE_OUTPUT: u64 = 2;
    pub(super) const NODE_NAME: u64 = 3;
    pub(super) const NODE_TYPE: u64 = 4;
    pub(super) const NODE_ATTRIBUTE: u64 = 5;
    pub(super) const ATTRIBUTE_NAME: u64 = 1;
    pub(super) const ATTRIBUTE_INTS: u64 = 8;
    pub(super) const ATTRIBUTE_TYPE: u64 = 20;
}

/// The attribute type "list of integers".
const INTS: u64 = 7;
/// More than a patched model is longer than the file.
pub(super) const GROWTH: usize = 4096;

/// Replaces each `FusedMatMul` in the graph of an ONNX model.
pub(super) fn patch(model: &mut Vec<u8>) -> Result<(), Malformed> {
    let graph = find(model, number::MODEL_GRAPH)?.ok_or(Malformed)?;
    let edits = edits(&model[graph.value.clone()])?;
    if edits.is_empty() {
        return Ok(());
    }
    // From the last to the first, so that the places of the others stay right.
    let mut length = graph.value.len();
    for (place, bytes) in edits.into_iter().rev() {
        length = length - place.len() + bytes.len();
        let begin = graph.value.start;
        model.splice(begin + place.start..begin + place.end, bytes);
    }
    let mut header = Vec::new();
    put_header(&mut header, number::MODEL_GRAPH, length);
    model.splice(graph.whole.start..graph.value.start, header);
    Ok(())
}

/// Bytes of a graph that are replaced, and by what.
type Edit = (Range<usize>, Vec<u8>);

fn edits(graph: &[u8]) -> Result<Vec<Edit>, Malformed> {
    let mut edits = Vec::new();
    for field in fields(graph) {
        let field = field?;
        if field.number == number::GRAPH_NODE
            && let Some(nodes) = unfused(&graph[field.value], edits.len())?
        {
            edits.push((field.whole, nodes));
        }
    }
    Ok(edits)
}

/// The two nodes that do what a `FusedMatMul` does; nothing for other nodes.
fn unfused(node: &[u8], index: usize) -> Result<Option<Vec<u8>>, Malformed> {
    let is_fused =
        find(node, number::NODE_TYPE)?.is_some_and(|field| &node[field.value] == b"FusedMatMul");
    if !is_fused {
        return Ok(None);
    }
    let all = fields(node).collect::<Result<Vec<_>, _>>()?;
    let named = |wanted: u64| {
        all.iter()
            .filter(move |field| field.number == wanted)
            .map(|field| &node[field.value.clone()])
    };
    let [left, right] = named(number::NODE_INPUT).collect::<Vec<_>>()[..] else {
        return Err(Malformed);
    };
    let output = named(number::NODE_OUTPUT).next().ok_or(Malformed)?;
    let turned = format!("unfused_{index}");

    let mut nodes = Vec::new();
    put_bytes(&mut nodes, number::GRAPH_NODE, &transpose(left, turned.as_bytes()));
    put_bytes(&mut nodes, number::GRAPH_NODE, &product(turned.as_bytes(), right, output));
    Ok(Some(nodes))
}

fn transpose(input: &[u8], output: &[u8]) -> Vec<u8> {
    let mut order = Vec::new();
    put_bytes(&mut order, number::ATTRIBUTE_NAME, b"perm");
    for axis in [0, 2, 1] {
        put_number(&mut order, number::ATTRIBUTE_INTS, axis);
    }
    put_number(&mut order, number::ATTRIBUTE_TYPE, INTS);

    let mut node = Vec::new();
    put_bytes(&mut node, number::NODE_INPUT, input);
    put_bytes(&mut node, number::NODE_OUTPUT, output);
    put_bytes(&mut node, number::NODE_NAME, &[output, b"_transpose"].concat());
    put_bytes(&mut node, number::NODE_TYPE, b"Transpose");
    put_bytes(&mut node, number::NODE_ATTRIBUTE, &order);
    node
}

fn product(left: &[u8], right: &[u8], output: &[u8]) -> Vec<u8> {
    let mut node = Vec::new();
    put_bytes(&mut node, number::NODE_INPUT, left);
    put_bytes(&mut node, number::NODE_INPUT, right);
    put_bytes(&mut node, number::NODE_OUTPUT, output);
    put_bytes(&mut node, number::NODE_NAME, &[left, b"_product"].concat());
    put_bytes(&mut node, number::NODE_TYPE, b"MatMul");
    node
}

fn find(message: &[u8], number: u64) -> Result<Option<Field>, Malformed> {
    for field in fields(message) {
        let field = field?;
        if field.number == number {
            return Ok(Some(field));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn node(kind: &str, inputs: &[&str], output: &str) -> Vec<u8> {
        let mut node = Vec::new();
        for input in inputs {
            put_bytes(&mut node, number::NODE_INPUT, input.as_bytes());
        }
        put_bytes(&mut node, number::NODE_OUTPUT, output.as_bytes());
        put_bytes(&mut node, number::NODE_TYPE, kind.as_bytes());
        node
    }

    fn model(nodes: &[Vec<u8>]) -> Vec<u8> {
        let mut graph = Vec::new();
        for node in nodes {
            put_bytes(&mut graph, number::GRAPH_NODE, node);
        }
        put_bytes(&mut graph, 2, b"name");
        let mut model = Vec::new();
        put_number(&mut model, 1, 8);
        put_bytes(&mut model, number::MODEL_GRAPH, &graph);
        put_bytes(&mut model, 8, b"opset");
        model
    }

    /// Type, inputs and output of each node.
    fn nodes(model: &[u8]) -> Vec<String> {
        let graph = &model[find(model, number::MODEL_GRAPH).unwrap().unwrap().value];
        let text = |node: &[u8], wanted| {
            let parts = fields(node).map(Result::unwrap).filter(|field| field.number == wanted);
            parts.map(|field| String::from_utf8(node[field.value].to_vec()).unwrap()).collect()
        };
        fields(graph)
            .map(Result::unwrap)
            .filter(|field| field.number == number::GRAPH_NODE)
            .map(|field| {
                let node = &graph[field.value];
                let part = |wanted| -> Vec<String> { text(node, wanted) };
                let [kind, inputs, output] =
                    [number::NODE_TYPE, number::NODE_INPUT, number::NODE_OUTPUT].map(part);
                format!("{} {} {}", kind.concat(), inputs.join("+"), output.concat())
            })
            .collect()
    }

    #[test]
    fn a_fused_product_becomes_two_nodes_in_its_place() {
        let fused = node("FusedMatMul", &["x", "y"], "z");
        let mut bytes = model(&[node("Clip", &["a"], "x"), fused, node("Relu", &["z"], "o")]);
        patch(&mut bytes).unwrap();
        let expected = ["Clip a x", "Transpose x unfused_0", "MatMul unfused_0+y z", "Relu z o"];
        assert_eq!(nodes(&bytes), expected);
        // What stands behind the graph is still read.
        assert!(find(&bytes, 8).unwrap().is_some());
    }

    #[test]
    fn several_get_names_of_their_own() {
        let mut bytes =
            model(&[node("FusedMatMul", &["a", "b"], "c"), node("FusedMatMul", &["c", "d"], "e")]);
        patch(&mut bytes).unwrap();
        assert_eq!(nodes(&bytes)[3], "MatMul unfused_1+d e");
    }

    #[test]
    fn a_model_without_it_stays_as_it_is() {
        let mut bytes = model(&[node("MatMul", &["a", "b"], "c")]);
        let before = bytes.clone();
        patch(&mut bytes).unwrap();
        assert_eq!(bytes, before);
    }

    #[test]
    fn a_node_without_two_inputs_is_an_error() {
        assert_eq!(patch(&mut model(&[node("FusedMatMul", &["a"], "c")])), Err(Malformed));
        assert_eq!(patch(&mut Vec::new()), Err(Malformed));
    }

    proptest! {
        #[test]
        fn a_broken_model_never_panics(cut in 0..90_usize, at in 0..90_usize, byte: u8) {
            let fused = node("FusedMatMul", &["x", "y"], "z");
            let mut bytes = model(&[fused.clone(), fused]);
            bytes.truncate(bytes.len().min(cut + 20));
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            let _ = patch(&mut bytes);
        }
    }
}
