//! The loop: read, learn, measure, keep.

use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use candle_core::{Device, Tensor};
use sha2::{Digest, Sha256};

use super::{
    Arithmetic, Curriculum, LoraSettings, Record, TrainError, TrainEvent, TrainReport,
    TrainSettings,
    batch::{Batch, in_groups, steps_of_epoch},
    checkpoint::{self, Progress, State},
    lesson::Lesson,
    model::{Model, Parameter, Pass},
    ops::mix,
    optimizer::{AdamW, clip},
};
use crate::inference::model::{Adapter, LlamaWeights, LowRank, ModelFile, PeftAdapter, PeftConfig};

/// Trains an adapter. The same model, data, settings and seed give the same adapter, however often it
/// is interrupted and on however many threads it runs.
pub struct Trainer {
    model: Model,
    parameters: Vec<Parameter>,
    curriculum: Curriculum,
    held_out: Vec<Lesson>,
    threads: usize,
    optimizer: AdamW,
    best: Vec<Vec<f32>>,
    progress: Progress,
}

/// What a part of a step gives.
struct Part {
    loss: f32,
    gradients: Vec<Vec<f32>>,
}

impl Trainer {
    /// The most held-out dialogues that are measured during a training.
    const MEASURED: usize = 120;

    /// A training that begins, on a model of the llama architecture. `cache_folder` keeps repacked weights, as at run
    /// time.
    ///
    /// # Errors
    /// If a setting makes no sense, or the model cannot be trained.
    pub fn new(
        file: &mut dyn ModelFile,
        curriculum: Curriculum,
        settings: TrainSettings,
        arithmetic: Arithmetic,
        device: &Device,
        cache_folder: Option<&Path>,
    ) -> Result<Self, TrainError> {
        settings.check().map_err(TrainError::Settings)?;
        let architecture = file.metadata().string("general.architecture").unwrap_or_default();
        if architecture != "llama" {
            return Err(TrainError::Architecture(architecture.into()));
        }
        let (config, weights) = LlamaWeights::load(file, cache_folder, &mut |_, _| true)?;
        let (lora, seed, longest) = (&settings.lora, settings.seed, settings.longest);
        let model = Model::new(&config, &weights, lora, seed, longest, arithmetic, device)?;
        let parameters = model.parameters();
        let held_out: Vec<Lesson> = curriculum.held_out()?;
        let data = fingerprint(&curriculum.epoch(0, seed)?, &held_out);
        let progress = Progress {
            settings,
            data,
            model: file.name(),
            steps: 0,
            worse: 0,
            record: Record::default(),
        };
        Ok(Self {
            optimizer: AdamW::new(&parameters),
            best: values(&parameters)?,
            threads: num_cpus::get(),
            model,
            parameters,
            curriculum,
            held_out,
            progress,
        })
    }

    /// Computes on so many threads.
    #[must_use]
    pub fn on_threads(mut self, threads: usize) -> Self {
        self.threads = threads.max(1);
        self
    }

    /// Begins with what was trained before, which must have the same shape.
    ///
    /// # Errors
    /// If it has not.
    pub fn begin_with(&mut self, adapter: &Adapter) -> Result<(), TrainError> {
        let lora = &self.progress.settings.lora;
        let scale = lora.alpha / lora.rank as f32;
        for pair in self.parameters.chunks_exact(2) {
            let [down, up] = pair else { continue };
            let (layer, target) = (down.layer, down.target);
            let known = adapter.get(layer, target).ok_or_else(|| {
                TrainError::Settings(format!("the adapter has no {target:?} in layer {layer}"))
            })?;
            let ratio = known.scale / scale;
            let scaled: Vec<f32> = known.up.iter().map(|value| value * ratio).collect();
            for (parameter, values) in [(down, &known.down), (up, &scaled)] {
                if values.len() != parameter.var.elem_count() {
                    let problem =
                        format!("the adapter's {target:?} of layer {layer} has another rank");
                    return Err(TrainError::Settings(problem));
                }
                set(parameter, values)?;
            }
        }
        self.best = values(&self.parameters)?;
        Ok(())
    }

    /// Goes on from a checkpoint, if there is one.
    ///
    /// # Errors
    /// If it is broken or of another training.
    pub fn resume(&mut self, folder: &Path) -> Result<(), TrainError> {
        let path = checkpoint_of(folder);
        let sizes: Vec<usize> =
            self.parameters.iter().map(|parameter| parameter.var.elem_count()).collect();
        let Some((progress, state)) = checkpoint::read(&path, &sizes)? else { return Ok(()) };
        if let Some(difference) = self.progress.difference(&progress) {
            return Err(TrainError::OtherTraining { path, difference });
        }
        for (parameter, values) in self.parameters.iter().zip(&state.values) {
            set(parameter, values)?;
        }
        self.optimizer = AdamW { moments: state.moments, steps: progress.steps };
        (self.best, self.progress) = (state.best, progress);
        Ok(())
    }

    /// Whether a folder holds a training that did not end.
    #[must_use]
    pub fn is_unfinished(folder: &Path) -> bool {
        checkpoint_of(folder).exists()
    }

    /// Trains to the end, with checkpoints in `folder`, which are gone once it is done. `tell` says whether to go on.
    ///
    /// # Errors
    /// If a checkpoint cannot be written, or the loss becomes infinite.
    pub fn run(
        &mut self,
        folder: &Path,
        tell: &mut dyn FnMut(TrainEvent) -> bool,
    ) -> Result<TrainReport, TrainError> {
        let path = checkpoint_of(folder);
        let mut plan = Plan::new(&self.curriculum, &self.progress.settings)?;
        let steps = plan.steps;
        let mut interrupted = self.progress.steps == 0 && !self.measure(tell)?;
        let mut stopped_early = false;
        while !interrupted && !stopped_early && self.progress.steps < steps {
            let step = self.progress.steps;
            let batches = plan.step(&self.curriculum, &self.progress.settings, step)?;
            let event = self.learn(&batches, steps)?;
            interrupted = !tell(event);
            let done = self.progress.steps;
            if done.is_multiple_of(self.progress.settings.evaluate_every) || done == steps {
                interrupted |= !self.measure(tell)?;
                stopped_early = !self.progress.settings.keep_last
                    && self.progress.worse >= self.progress.settings.patience;
            }
            if interrupted || done.is_multiple_of(self.progress.settings.checkpoint_every) {
                self.keep(&path)?;
            }
        }
        if !interrupted {
            if !self.progress.settings.keep_last {
                for (parameter, values) in self.parameters.iter().zip(&self.best) {
                    set(parameter, values)?;
                }
            }
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(TrainError::io(path)(error));
                }
                _ => {}
            }
        }
        let record = self.progress.record.clone();
        Ok(TrainReport { record, stopped_early, interrupted })
    }

    /// The loss on all that is held out, in nats per token; none if nothing is.
    ///
    /// # Errors
    /// If the tensor library fails.
    pub fn held_out_loss(&self) -> Result<Option<f32>, TrainError> {
        self.loss_of(&self.held_out)
    }

    /// What has been learnt.
    ///
    /// # Errors
    /// If the tensor library fails.
    pub fn adapter(&self) -> Result<Adapter, TrainError> {
        let scale = self.progress.settings.lora.alpha / self.progress.settings.lora.rank as f32;
        let mut adapter = Adapter::new();
        for pair in self.parameters.chunks_exact(2) {
            let [down, up] = pair else { continue };
            let change = LowRank { down: down.values()?, up: up.values()?, scale };
            adapter.insert(down.layer, down.target, change);
        }
        Ok(adapter)
    }

    /// What has been learnt, as other tools read it; `base` is what they know the model as.
    ///
    /// # Errors
    /// If the tensor library fails.
    pub fn peft(&self, base: String) -> Result<PeftAdapter, TrainError> {
        let LoraSettings { rank, alpha, dropout, .. } = self.progress.settings.lora;
        let config = PeftConfig { base_model: Some(base), rank, alpha, dropout };
        Ok(PeftAdapter { config, adapter: self.adapter()? })
    }

    /// One step: the gradient of all batches together.
    fn learn(&mut self, batches: &[Batch], steps: usize) -> Result<TrainEvent, TrainError> {
        let step = self.progress.steps;
        let learnt: usize = batches.iter().map(|batch| batch.targets.len()).sum();
        let divisor = learnt.max(1) as f32;
        let seed = mix(self.progress.settings.seed, step as u64);
        let part = |index: usize| -> Result<Part, TrainError> {
            let pass = Pass::Learn(mix(seed, index as u64));
            let loss = self.model.loss(&batches[index], divisor, pass)?;
            let gradients = loss.backward()?;
            let of = |parameter: &Parameter| match gradients.get(&parameter.var) {
                Some(gradient) => gradient.flatten_all()?.to_vec1::<f32>(),
                None => Ok(vec![0.0; parameter.var.elem_count()]),
            };
            let gradients = self.parameters.iter().map(of).collect::<Result<_, _>>()?;
            Ok(Part { loss: loss.to_scalar::<f32>()?, gradients })
        };
        let parts = on_threads(self.threads, batches.len(), part)?;
        let mut parts = parts.into_iter();
        let Some(Part { mut loss, mut gradients }) = parts.next() else {
            return Err(TrainError::Settings("a step without tokens".into()));
        };
        for part in parts {
            loss += part.loss;
            for (sum, more) in gradients.iter_mut().zip(part.gradients) {
                sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
            }
        }
        let gradient = clip(&mut gradients, self.progress.settings.clip);
        if !loss.is_finite() || !gradient.is_finite() {
            return Err(TrainError::Diverged { step: step + 1 });
        }
        let rate = self.progress.settings.rate(step, steps);
        self.optimizer.step(
            &self.parameters,
            &gradients,
            rate,
            self.progress.settings.weight_decay,
        )?;
        let tokens = batches.iter().map(|batch| batch.tokens.len()).sum();
        self.progress.steps += 1;
        self.progress.record.losses.push(loss);
        self.progress.record.tokens += tokens as u64;
        Ok(TrainEvent::Step { step: step + 1, steps, loss, gradient, rate, tokens })
    }

    /// Measures on what is held out, and remembers the best.
    fn measure(&mut self, tell: &mut dyn FnMut(TrainEvent) -> bool) -> Result<bool, TrainError> {
        let some = self.held_out.len().min(Self::MEASURED);
        // Evenly from all of it.
        let places = (0..some).map(|place| place * self.held_out.len() / some.max(1));
        let measured: Vec<Lesson> = places.map(|place| self.held_out[place].clone()).collect();
        let Some(loss) = self.loss_of(&measured)? else {
            self.best = values(&self.parameters)?;
            return Ok(true);
        };
        let step = self.progress.steps;
        let is_best = self.progress.record.best().is_none_or(|(_, best)| loss < best);
        self.progress.record.held_out.push((step, loss));
        if is_best {
            self.best = values(&self.parameters)?;
            self.progress.worse = 0;
        } else {
            self.progress.worse += 1;
        }
        Ok(tell(TrainEvent::HeldOut { step, loss, is_best }))
    }

    fn loss_of(&self, lessons: &[Lesson]) -> Result<Option<f32>, TrainError> {
        let order: Vec<usize> = (0..lessons.len()).collect();
        let lengths: Vec<usize> = lessons.iter().map(|lesson| lesson.tokens.len()).collect();
        let groups = in_groups(&order, &lengths, self.progress.settings.tokens_at_once);
        let sum_of = |index: usize| -> Result<(f64, usize), TrainError> {
            let batch = Batch::new(groups[index].iter().map(|place| &lessons[*place]));
            if batch.targets.is_empty() {
                return Ok((0.0, 0));
            }
            let loss = self.model.loss(&batch, 1.0, Pass::Measure)?.to_scalar::<f32>()?;
            Ok((f64::from(loss), batch.targets.len()))
        };
        let sums = on_threads(self.threads, groups.len(), sum_of)?;
        let (loss, count) =
            sums.into_iter().fold((0.0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        Ok((count > 0).then(|| (loss / count as f64) as f32))
    }

    fn keep(&self, path: &Path) -> Result<(), TrainError> {
        let state = State {
            values: values(&self.parameters)?,
            moments: self.optimizer.moments.clone(),
            best: self.best.clone(),
        };
        checkpoint::write(path, &self.progress, &state)
    }
}

/// Which dialogues are read in which step.
struct Plan {
    steps: usize,
    epoch: Option<(usize, Vec<Lesson>, Vec<Vec<usize>>)>,
    /// The first step of each epoch.
    first: Vec<usize>,
}

impl Plan {
    fn new(curriculum: &Curriculum, settings: &TrainSettings) -> Result<Self, TrainError> {
        let mut plan = Self { steps: 0, epoch: None, first: Vec::new() };
        let mut steps = Vec::new();
        // The last first, so that the one that is read first is open at the end.
        for epoch in (0..settings.epochs).rev() {
            plan.open(curriculum, settings, epoch)?;
            steps.push(plan.epoch.as_ref().map_or(0, |(_, _, steps)| steps.len()));
        }
        for steps in steps.into_iter().rev() {
            plan.first.push(plan.steps);
            plan.steps += steps;
        }
        plan.steps = settings.steps.map_or(plan.steps, |most| most.min(plan.steps));
        Ok(plan)
    }

    fn open(
        &mut self,
        curriculum: &Curriculum,
        settings: &TrainSettings,
        epoch: usize,
    ) -> Result<(), TrainError> {
        let seed = settings.seed;
        let mut lessons = curriculum.epoch(epoch, seed)?;
        lessons.retain(|lesson| lesson.learnt() > 0);
        let lengths: Vec<usize> = lessons.iter().map(|lesson| lesson.tokens.len()).collect();
        let steps = steps_of_epoch(&lengths, settings.tokens_per_step, seed, epoch);
        self.epoch = Some((epoch, lessons, steps));
        Ok(())
    }

    /// The batches of a step.
    fn step(
        &mut self,
        curriculum: &Curriculum,
        settings: &TrainSettings,
        step: usize,
    ) -> Result<Vec<Batch>, TrainError> {
        let epoch = self.first.partition_point(|first| *first <= step).saturating_sub(1);
        if self.epoch.as_ref().is_none_or(|(open, ..)| *open != epoch) {
            self.open(curriculum, settings, epoch)?;
        }
        let Some((_, lessons, steps)) = &self.epoch else { return Ok(Vec::new()) };
        let lengths: Vec<usize> = lessons.iter().map(|lesson| lesson.tokens.len()).collect();
        let read = &steps[step - self.first[epoch]];
        let groups = in_groups(read, &lengths, settings.tokens_at_once);
        let batch = |group: &Vec<usize>| Batch::new(group.iter().map(|place| &lessons[*place]));
        Ok(groups.iter().map(batch).collect())
    }
}

/// The results of `work(0..count)`, in this order, computed on several threads.
fn on_threads<T: Send>(
    threads: usize,
    count: usize,
    work: impl Fn(usize) -> Result<T, TrainError> + Sync,
) -> Result<Vec<T>, TrainError> {
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<Result<T, TrainError>>>> =
        (0..count).map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..threads.min(count) {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(result) = results.get(index) else { break };
                    let done = work(index);
                    if let Ok(mut result) = result.lock() {
                        *result = Some(done);
                    }
                }
            });
        }
    });
    let taken = results.into_iter().map(|result| result.into_inner().ok().flatten());
    let lost = || Err(TrainError::Unusable("a thread of the training ended early".into()));
    taken.map(|result| result.unwrap_or_else(lost)).collect()
}

fn values(parameters: &[Parameter]) -> Result<Vec<Vec<f32>>, TrainError> {
    Ok(parameters.iter().map(Parameter::values).collect::<Result<_, _>>()?)
}

fn set(parameter: &Parameter, values: &[f32]) -> Result<(), TrainError> {
    let var = &parameter.var;
    Ok(var.set(&Tensor::from_slice(values, var.shape(), var.device())?)?)
}

fn checkpoint_of(folder: &Path) -> PathBuf {
    folder.join("checkpoint.safetensors")
}

/// A number made of all that is learnt from and measured on.
fn fingerprint(learnt: &[Lesson], held_out: &[Lesson]) -> String {
    let mut hash = Sha256::new();
    for lessons in [learnt, held_out] {
        for lesson in lessons {
            hash.update((lesson.tokens.len() as u64).to_le_bytes());
            lesson.tokens.iter().for_each(|token| hash.update(token.to_le_bytes()));
        }
        hash.update([0xff]);
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
