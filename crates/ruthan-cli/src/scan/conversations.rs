//! The last messages of each conversation, read together: a slow scam shows in no single one.

use std::collections::{BTreeMap, HashMap, VecDeque};

use arrow_array::{Array, StringArray};
use ruthan_dump::{Batch, Direction};

/// How many messages of a conversation are read together at most.
const MESSAGES: usize = 10;
/// How many bytes of a conversation are read together at most; a longer message is read alone.
const BYTES: usize = 4_000;
/// How many conversations are remembered; beyond, the one that has been silent longest is forgotten.
/// With `BYTES` this bounds the memory: 40 MB.
const CONVERSATIONS: usize = 10_000;

/// The conversations that are remembered.
#[derive(Debug, Default)]
pub(super) struct Conversations {
    by_name: HashMap<String, Conversation>,
    /// The names by when their last message came.
    by_turn: BTreeMap<u64, String>,
    turn: u64,
}

#[derive(Debug, Default)]
struct Conversation {
    turn: u64,
    messages: VecDeque<String>,
}

impl Conversations {
    /// Takes in the messages of a batch, in order, and returns for each row what the conversation came
    /// to with it: none where it is no received message of a known conversation.
    pub(super) fn follow(&mut self, batch: &Batch) -> Vec<Option<String>> {
        let names = batch.conversations().or_else(|| batch.senders());
        let directions = batch.directions();
        let received = |row: usize| {
            let direction = directions.as_ref().and_then(|directions| directions[row]);
            // Where the dump does not say, any message may be the other side's.
            !matches!(direction, Some(Direction::Sent | Direction::System))
        };
        let name = |row| value(names.as_ref(), row);
        let texts = batch.text.iter().enumerate();
        texts
            .map(|(row, text)| {
                let text = text.filter(|_| received(row))?;
                Some(self.add(name(row)?, text))
            })
            .collect()
    }

    /// Adds a message, and returns the conversation's last ones, it included.
    fn add(&mut self, name: &str, text: &str) -> String {
        self.turn += 1;
        let conversation = self.by_name.entry(name.to_owned()).or_default();
        self.by_turn.remove(&conversation.turn);
        conversation.turn = self.turn;
        self.by_turn.insert(self.turn, name.to_owned());
        let joined = conversation.add(text);
        if self.by_name.len() > CONVERSATIONS
            && let Some((_, silent)) = self.by_turn.pop_first()
        {
            self.by_name.remove(&silent);
        }
        joined
    }
}

impl Conversation {
    fn add(&mut self, text: &str) -> String {
        if text.len() > BYTES {
            self.messages.clear();
            return text.to_owned();
        }
        self.messages.push_back(text.to_owned());
        let length = |messages: &VecDeque<String>| -> usize {
            messages.iter().map(|message| message.len() + 1).sum()
        };
        while self.messages.len() > MESSAGES
            || self.messages.len() > 1 && length(&self.messages) > BYTES + 1
        {
            self.messages.pop_front();
        }
        self.messages.make_contiguous().join("\n")
    }
}

fn value(column: Option<&StringArray>, row: usize) -> Option<&str> {
    column.filter(|column| column.is_valid(row)).map(|column| column.value(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_messages_are_joined_within_bounds() {
        let mut conversations = Conversations::default();
        assert_eq!(conversations.add("ก", "สวัสดี"), "สวัสดี");
        assert_eq!(conversations.add("ข", "x"), "x");
        assert_eq!(conversations.add("ก", "โอนเงิน"), "สวัสดี\nโอนเงิน");
        for number in 0..20 {
            conversations.add("ข", &number.to_string());
        }
        assert_eq!(conversations.add("ข", "z"), "11\n12\n13\n14\n15\n16\n17\n18\n19\nz");
        let half = "y".repeat(BYTES / 2);
        conversations.add("ข", &half);
        assert_eq!(conversations.add("ข", &half), half);
        // One that fills the room alone is read alone, and what was before is over.
        let long = "y".repeat(BYTES + 1);
        assert_eq!(conversations.add("ข", &long), long);
        assert_eq!(conversations.add("ข", "z"), "z");
    }

    #[test]
    fn the_silent_are_forgotten() {
        let mut conversations = Conversations::default();
        conversations.add("first", "1");
        conversations.add("second", "1");
        for number in 2..CONVERSATIONS {
            conversations.add(&number.to_string(), "x");
        }
        conversations.add("first", "2");
        conversations.add("one more", "x");
        assert_eq!(conversations.by_name.len(), CONVERSATIONS);
        assert_eq!(conversations.by_turn.len(), CONVERSATIONS);
        assert_eq!(conversations.add("first", "3"), "1\n2\n3");
        assert_eq!(conversations.add("second", "3"), "3");
    }
}
