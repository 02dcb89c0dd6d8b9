//! What a change of an exposed tool can be, and which changes block.

use crate::rule::{Severity, nearest};

/// The kinds of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A tool that was not exposed.
    Exposed,
    /// Whoever shows nothing may call it now.
    AuthDropped,
    /// A way in that asks for less.
    AuthWeakened,
    /// It writes or destroys where it did less.
    EffectRaised,
    /// A field that a rule objects to: a credential, personal data.
    NewField,
    /// A rule objects that did not.
    NewFinding,
    /// The model may fill in what it could not.
    InputLoosened,
    /// The response was described and is no longer.
    OutputLoosened,
    /// What the model is told.
    DescriptionChanged,
    /// Another name.
    Renamed,
    /// A further input.
    InputAdded,
    /// The model may fill in less.
    InputTightened,
    /// The shape of the input in another way.
    InputChanged,
    /// The shape of the response.
    OutputChanged,
    /// A way in that is gone, or asks for more.
    AuthTightened,
    /// It does less harm than it did.
    EffectLowered,
    /// A rule has nothing to object to any more.
    FindingGone,
    /// The rules judge a tool differently that did not change.
    Reassessed,
    /// A tool that is no longer exposed.
    Removed,
}

impl Class {
    /// All, the ones that matter most first.
    pub const ALL: [Self; 19] = [
        Self::Exposed,
        Self::AuthDropped,
        Self::AuthWeakened,
        Self::EffectRaised,
        Self::NewField,
        Self::NewFinding,
        Self::InputLoosened,
        Self::OutputLoosened,
        Self::DescriptionChanged,
        Self::Renamed,
        Self::InputAdded,
        Self::InputTightened,
        Self::InputChanged,
        Self::OutputChanged,
        Self::AuthTightened,
        Self::EffectLowered,
        Self::FindingGone,
        Self::Reassessed,
        Self::Removed,
    ];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Exposed => "exposed",
            Self::AuthDropped => "auth-dropped",
            Self::AuthWeakened => "auth-weakened",
            Self::EffectRaised => "effect-raised",
            Self::NewField => "new-field",
            Self::NewFinding => "new-finding",
            Self::InputLoosened => "input-loosened",
            Self::OutputLoosened => "output-loosened",
            Self::DescriptionChanged => "description-changed",
            Self::Renamed => "renamed",
            Self::InputAdded => "input-added",
            Self::InputTightened => "input-tightened",
            Self::InputChanged => "input-changed",
            Self::OutputChanged => "output-changed",
            Self::AuthTightened => "auth-tightened",
            Self::EffectLowered => "effect-lowered",
            Self::FindingGone => "finding-gone",
            Self::Reassessed => "reassessed",
            Self::Removed => "removed",
        }
    }

    /// What it means, for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Exposed => "newly exposed to the model",
            Self::AuthDropped => "may be called without credentials",
            Self::AuthWeakened => "asks for less authentication",
            Self::EffectRaised => "does more than it did",
            Self::NewField => "has a field that a rule objects to",
            Self::NewFinding => "has a finding that it did not have",
            Self::InputLoosened => "lets the model fill in more",
            Self::OutputLoosened => "no longer describes its response",
            Self::DescriptionChanged => "is described in other words",
            Self::Renamed => "has another name",
            Self::InputAdded => "takes a further input",
            Self::InputTightened => "lets the model fill in less",
            Self::InputChanged => "takes an input of another shape",
            Self::OutputChanged => "gives a response of another shape",
            Self::AuthTightened => "asks for more authentication",
            Self::EffectLowered => "does less than it did",
            Self::FindingGone => "no longer has a finding",
            Self::Reassessed => "did not change but is judged differently",
            Self::Removed => "no longer exposed",
        }
    }

    /// Why it matters, for the places where rules are explained.
    pub fn why(self) -> &'static str {
        match self {
            Self::Exposed => {
                "Whatever becomes a tool can be called by a model, and by whoever gets text in front of it."
            }
            Self::AuthDropped | Self::AuthWeakened => {
                "A tool that asks for less can be used by callers that it was not made for."
            }
            Self::EffectRaised => "A tool that was reviewed as harmless now changes or removes what exists.",
            Self::NewField => "Credentials and personal data in a call or a response end up in the model's context.",
            Self::NewFinding => "A rule objects to what the tool has become.",
            Self::InputLoosened => {
                "Limits on inputs are what keeps a misled model from sending whatever it is told to."
            }
            Self::OutputLoosened => "A response that is not described can carry anything, and cannot be reviewed.",
            Self::DescriptionChanged => {
                "The model obeys descriptions; one that changed after review can carry an order to it."
            }
            _ => "The change does not make the tool riskier; it is listed so that the review is complete.",
        }
    }
}

/// Which changes block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// The level from which a change blocks; none if no level does.
    pub level: Option<Severity>,
    /// Kinds that block whatever their level.
    pub classes: Vec<Class>,
}

impl Default for Gate {
    /// Whatever is newly exposed or riskier.
    fn default() -> Self {
        Self { level: Some(Severity::Low), classes: Vec::new() }
    }
}

impl Gate {
    /// Reads levels and kinds: `high`, `exposed`, `never`.
    ///
    /// # Errors
    /// The word that is none, with the nearest one.
    pub fn parse(words: &[String]) -> Result<Self, String> {
        let mut gate = Self { level: None, classes: Vec::new() };
        for word in words {
            let level = Severity::ALL.into_iter().find(|level| level.name() == word && *level != Severity::Info);
            if let Some(level) = level {
                gate.level = Some(gate.level.map_or(level, |known| known.min(level)));
            } else if let Some(class) = Class::ALL.into_iter().find(|class| class.name() == word) {
                gate.classes.push(class);
            } else if word != "never" {
                let known: Vec<&str> = ["critical", "high", "medium", "low", "never"]
                    .into_iter()
                    .chain(Class::ALL.map(Class::name))
                    .collect();
                let hint = nearest(word, &known).map_or_else(
                    || format!("known are {}", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(format!("`{word}` is neither a level nor a kind of change; {hint}"));
            }
        }
        Ok(gate)
    }

    /// Whether a change of this kind and level blocks.
    pub fn blocks(&self, class: Class, level: Severity) -> bool {
        self.level.is_some_and(|threshold| level >= threshold) || self.classes.contains(&class)
    }

    /// What blocks, in a few words.
    pub fn describe(&self) -> String {
        let mut parts: Vec<String> =
            self.level.map(|level| format!("at or above {}", level.name())).into_iter().collect();
        parts.extend(self.classes.iter().map(|class| class.name().to_owned()));
        if parts.is_empty() { "nothing".into() } else { parts.join(", ") }
    }
}
