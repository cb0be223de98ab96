//! Reads weights in the format of `CTranslate2`, version 6: a flat list of named tensors.
//!
//! The file is walked once for names and places, and each tensor is read when it is asked for, so
//! that no second copy of the whole file is ever in memory. Nothing needs to be converted before.

use std::{
    collections::HashMap,
    io::{Read, Seek, SeekFrom},
};

use candle_core::{DType, Device, Tensor};
use thiserror::Error;

/// The version of the format that is read.
const VERSION: u32 = 6;
/// More than any such file has; a bound for what broken bytes can ask for.
const MOST_TENSORS: u32 = 10_000;
const MOST_DIMENSIONS: u8 = 8;

/// What is wrong with a file of weights, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("at byte {offset}: {problem}")]
pub struct Ct2Error {
    /// How far from the beginning, in bytes.
    pub offset: u64,
    /// What is wrong there.
    pub problem: Ct2Problem,
}

/// What can be wrong with a file of weights.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say it")]
pub enum Ct2Problem {
    #[error("the file ends too early")]
    Short,
    #[error("it cannot be read ({0})")]
    Io(std::io::ErrorKind),
    #[error("version {0} of the format is not known, only {VERSION}")]
    Version(u32),
    #[error("a name is not text")]
    Name,
    #[error("{0} tensors are too many")]
    Many(u32),
    #[error("`{name}` has {dimensions} dimensions")]
    Dimensions { name: String, dimensions: u8 },
    #[error("`{0}` is there twice")]
    Twice(String),
    #[error("the size of `{0}` does not fit its shape")]
    Size(String),
    #[error("{0} bytes are left over")]
    LeftOver(u64),
    #[error("there is no `{0}`")]
    Absent(String),
    #[error("`{name}` has the shape {found:?} and not {wanted:?}")]
    Shape { name: String, found: Vec<usize>, wanted: Vec<usize> },
    #[error("`{0}` is not of 16 or 32 bit floating point numbers")]
    Type(String),
}

/// Where a tensor is.
#[derive(Debug, Clone)]
struct Place {
    offset: u64,
    bytes: usize,
    shape: Vec<usize>,
    kind: Kind,
}

/// The types of numbers, by the code they have in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    F32,
    F16,
    Whole(usize),
}

impl Kind {
    fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::F32),
            1 => Some(Self::Whole(1)),
            2 => Some(Self::Whole(2)),
            3 => Some(Self::Whole(4)),
            4 => Some(Self::F16),
            _ => None,
        }
    }

    fn bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 => 2,
            Self::Whole(bytes) => bytes,
        }
    }
}

/// A file of weights whose names and places are known.
#[derive(Debug)]
pub(super) struct Ct2File<R> {
    reader: R,
    length: u64,
    places: HashMap<String, Place>,
}

impl<R: Read + Seek> Ct2File<R> {
    /// Walks through the file, and reads no weights yet.
    pub(super) fn open(mut reader: R) -> Result<Self, Ct2Error> {
        let length = reader.seek(SeekFrom::End(0)).map_err(|error| io(0, &error))?;
        reader.seek(SeekFrom::Start(0)).map_err(|error| io(0, &error))?;
        let mut walk = Walk { reader, offset: 0, length };
        let version = walk.u32()?;
        if version != VERSION {
            return Err(Ct2Error { offset: 0, problem: Ct2Problem::Version(version) });
        }
        walk.name()?; // of the kind of model
        walk.u32()?; // its revision
        let places = walk.places()?;
        for _ in 0..walk.count()? {
            // Other names for tensors that have one.
            walk.name()?;
            walk.name()?;
        }
        match length - walk.offset {
            0 => Ok(Self { reader: walk.reader, length, places }),
            more => Err(walk.error(Ct2Problem::LeftOver(more))),
        }
    }

    /// The shape of a tensor, if it is there.
    pub(super) fn shape(&self, name: &str) -> Option<&[usize]> {
        self.places.get(name).map(|place| place.shape.as_slice())
    }

    /// Reads a tensor, as 32 bit floating point numbers.
    pub(super) fn tensor(&mut self, name: &str, wanted: &[usize]) -> Result<Tensor, Ct2Error> {
        let place = self.place(name)?;
        let error = |problem| Ct2Error { offset: place.offset, problem };
        if place.shape != wanted {
            let (found, wanted) = (place.shape.clone(), wanted.to_vec());
            return Err(error(Ct2Problem::Shape { name: name.into(), found, wanted }));
        }
        let kind = match place.kind {
            Kind::F32 => DType::F32,
            Kind::F16 => DType::F16,
            Kind::Whole(_) => return Err(error(Ct2Problem::Type(name.into()))),
        };
        let bytes = self.bytes(&place)?;
        Tensor::from_raw_buffer(&bytes, kind, wanted, &Device::Cpu)
            .and_then(|tensor| tensor.to_dtype(DType::F32))
            .map_err(|_| error(Ct2Problem::Size(name.into())))
    }

    /// Reads a single whole number, such as how many heads there are.
    pub(super) fn number(&mut self, name: &str) -> Result<usize, Ct2Error> {
        let place = self.place(name)?;
        let bytes = match place.kind {
            Kind::Whole(bytes) if place.bytes == bytes => self.bytes(&place)?,
            _ => {
                let problem = Ct2Problem::Type(name.into());
                return Err(Ct2Error { offset: place.offset, problem });
            }
        };
        Ok(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    }

    fn place(&self, name: &str) -> Result<Place, Ct2Error> {
        let absent = || Ct2Problem::Absent(name.into());
        let place = self.places.get(name).cloned();
        place.ok_or_else(|| Ct2Error { offset: self.length, problem: absent() })
    }

    fn bytes(&mut self, place: &Place) -> Result<Vec<u8>, Ct2Error> {
        let mut bytes = vec![0; place.bytes];
        self.reader
            .seek(SeekFrom::Start(place.offset))
            .and_then(|_| self.reader.read_exact(&mut bytes))
            .map_err(|error| io(place.offset, &error))?;
        Ok(bytes)
    }
}

/// A walk from the beginning of the file to its end.
struct Walk<R> {
    reader: R,
    offset: u64,
    length: u64,
}

impl<R: Read + Seek> Walk<R> {
    fn places(&mut self) -> Result<HashMap<String, Place>, Ct2Error> {
        let mut places = HashMap::new();
        for _ in 0..self.count()? {
            let name = self.name()?;
            let place = self.place_of(&name)?;
            if places.insert(name.clone(), place).is_some() {
                return Err(self.error(Ct2Problem::Twice(name)));
            }
        }
        Ok(places)
    }

    fn place_of(&mut self, name: &str) -> Result<Place, Ct2Error> {
        let dimensions = self.u8()?;
        if dimensions > MOST_DIMENSIONS {
            return Err(self.error(Ct2Problem::Dimensions { name: name.into(), dimensions }));
        }
        let shape: Vec<usize> =
            (0..dimensions).map(|_| self.u32().map(|n| n as usize)).collect::<Result<_, _>>()?;
        let code = self.u8()?;
        let bytes = self.u32()? as usize;
        let kind =
            Kind::from_code(code).ok_or_else(|| self.error(Ct2Problem::Type(name.to_string())))?;
        let wanted = shape.iter().try_fold(kind.bytes(), |size, n| size.checked_mul(*n));
        if wanted != Some(bytes) {
            return Err(self.error(Ct2Problem::Size(name.into())));
        }
        let offset = self.offset;
        self.skip(bytes as u64)?;
        Ok(Place { offset, bytes, shape, kind })
    }

    /// How many of something follow.
    fn count(&mut self) -> Result<u32, Ct2Error> {
        match self.u32()? {
            many if many > MOST_TENSORS => Err(self.error(Ct2Problem::Many(many))),
            count => Ok(count),
        }
    }

    /// A name: its length with the zero at its end, and its bytes.
    fn name(&mut self) -> Result<String, Ct2Error> {
        let length = u16::from_le_bytes(self.array()?);
        let mut bytes = vec![0; usize::from(length)];
        self.fill(&mut bytes)?;
        if bytes.last() == Some(&0) {
            bytes.pop();
        }
        String::from_utf8(bytes).map_err(|_| self.error(Ct2Problem::Name))
    }

    fn u8(&mut self) -> Result<u8, Ct2Error> {
        Ok(self.array::<1>()?[0])
    }

    fn u32(&mut self) -> Result<u32, Ct2Error> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Ct2Error> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Ct2Error> {
        self.enough(bytes.len() as u64)?;
        self.reader.read_exact(bytes).map_err(|error| io(self.offset, &error))?;
        self.offset += bytes.len() as u64;
        Ok(())
    }

    fn skip(&mut self, bytes: u64) -> Result<(), Ct2Error> {
        self.enough(bytes)?;
        self.offset += bytes;
        let place = SeekFrom::Start(self.offset);
        self.reader.seek(place).map_err(|error| io(self.offset, &error))?;
        Ok(())
    }

    fn enough(&self, bytes: u64) -> Result<(), Ct2Error> {
        if bytes > self.length - self.offset {
            return Err(self.error(Ct2Problem::Short));
        }
        Ok(())
    }

    fn error(&self, problem: Ct2Problem) -> Ct2Error {
        Ct2Error { offset: self.offset, problem }
    }
}

fn io(offset: u64, error: &std::io::Error) -> Ct2Error {
    Ct2Error { offset, problem: Ct2Problem::Io(error.kind()) }
}

#[cfg(test)]
mod tests;
