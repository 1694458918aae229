//! What goes in: a text, and what is known about how it came.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// The way by which a message came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Channel {
    /// A text message of the telephone network.
    Sms,
    /// A chat application.
    Chat,
    /// E-mail.
    Email,
}

/// A message to classify: its text, with optional facts about how it came.
///
/// ```
/// use ruthan::{Channel, Message};
///
/// let message = Message::new("Your code is 482910").sender("KBANK").channel(Channel::Sms);
/// assert_eq!(message.text(), "Your code is 482910");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Message<'a> {
    text: &'a str,
    sender: Option<&'a str>,
    channel: Option<Channel>,
}

impl<'a> Message<'a> {
    /// Makes a message of which only the text is known.
    pub const fn new(text: &'a str) -> Self {
        Self { text, sender: None, channel: None }
    }

    /// Adds the sender's name or number as the network showed it.
    ///
    /// It counts as words the message speaks: a brand's sender name with another brand's link is a mismatch.
    /// It never makes a message genuine, because sender names can be forged.
    #[must_use]
    pub const fn sender(mut self, sender: &'a str) -> Self {
        self.sender = Some(sender);
        self
    }

    /// Adds the way by which the message came. Kept for callers; no judgement rests on it yet.
    #[must_use]
    pub const fn channel(mut self, channel: Channel) -> Self {
        self.channel = Some(channel);
        self
    }

    /// The text as given.
    pub const fn text(&self) -> &'a str {
        self.text
    }

    /// The sender's name or number, if known.
    pub const fn sender_name(&self) -> Option<&'a str> {
        self.sender
    }

    /// The way by which the message came, if known.
    pub const fn channel_kind(&self) -> Option<Channel> {
        self.channel
    }
}

/// What can be read as a message: a [`Message`], or any text of which nothing else is known.
///
/// Not for implementing elsewhere: it may gain methods.
pub trait AsMessage {
    /// The value as a message.
    fn as_message(&self) -> Message<'_>;
}

impl AsMessage for Message<'_> {
    fn as_message(&self) -> Message<'_> {
        *self
    }
}

impl AsMessage for str {
    fn as_message(&self) -> Message<'_> {
        Message::new(self)
    }
}

impl AsMessage for String {
    fn as_message(&self) -> Message<'_> {
        Message::new(self)
    }
}

impl AsMessage for Cow<'_, str> {
    fn as_message(&self) -> Message<'_> {
        Message::new(self)
    }
}

impl<M: AsMessage + ?Sized> AsMessage for &M {
    fn as_message(&self) -> Message<'_> {
        (**self).as_message()
    }
}

impl<'a> From<&'a str> for Message<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(text)
    }
}
