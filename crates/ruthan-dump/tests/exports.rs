//! What telephones and chat applications export, with the awkward cases of each, and broken copies.

use std::fs::{self, File};
use std::io::{Cursor, Read, Write};
use std::path::Path;

use ruthan_dump::{Batch, Encoding, Format, Input, ReadOptions, Reader};

/// A row as `conversation|time|direction|sender|text`, a dot for what is not known.
fn rows(batches: &[Batch]) -> Vec<String> {
    let mut rows = Vec::new();
    for batch in batches {
        let (senders, conversations) = (batch.senders(), batch.conversations());
        let (times, directions) = (batch.times(), batch.directions());
        for (row, text) in batch.text.iter().enumerate() {
            let known = |column: &Option<arrow_array::StringArray>| {
                column.as_ref().and_then(|c| c.iter().nth(row).flatten().map(str::to_owned))
            };
            let time = times.as_ref().and_then(|times| times[row]).map(|time| time.to_string());
            let direction = directions.as_ref().and_then(|directions| directions[row]);
            let cells = [
                known(&conversations),
                time,
                direction.map(|direction| direction.as_str().to_owned()),
                known(&senders),
                text.map(str::to_owned),
            ];
            rows.push(cells.map(|cell| cell.unwrap_or(".".to_owned())).join("|"));
        }
    }
    rows
}

fn rejects(batches: &[Batch]) -> Vec<String> {
    batches
        .iter()
        .flat_map(|batch| &batch.rejects)
        .map(|reject| format!("{} @{:?}: {}", reject.row, reject.offset.unwrap(), reject.cause))
        .collect()
}

fn read_as(bytes: &[u8], name: &str, options: &ReadOptions) -> (Format, Vec<Batch>) {
    let reader = Reader::from_read(Cursor::new(bytes.to_vec()), name, options).unwrap();
    (reader.format(), reader.map(Result::unwrap).collect())
}

/// Reads an export; its content must tell the format.
fn read(text: &str, name: &str, format: Format) -> Vec<Batch> {
    let (found, batches) = read_as(text.as_bytes(), name, &ReadOptions::new());
    assert_eq!(found, format);
    batches
}

const SMS: &str = r#"<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>
<!--File Created By SMS Backup & Restore > v10-->
<?xml-stylesheet type="text/xsl" href="sms.xsl"?>
<smses count="5" backup_set="x" type="full">
  <sms protocol="0" address="KBANK" date="1793500000000" type="1" subject="null" body="รหัส OTP 482910 &amp; ห้ามบอกใคร &#55357;&#56832;&#10;บรรทัดสอง" toa="null" read="1" status="-1" contact_name="(Unknown)" />
  <sms protocol="0" address="+66812345678" date="1793500060000" type="2" body='say "hi" > now' />
  <mms date="1793500120000" msg_box="1" address="+6681~+6682" m_type="132"><parts>
    <part seq="-1" ct="application/smil" text='&lt;smil/&gt;'/>
    <part seq="0" ct="image/jpeg" name="a.jpg" text="null" data="%PICTURE%"/>
    <part seq="0" ct="text/plain" chset="106" text="โอนด่วน"/><part ct="text/plain" text="https://a.example"/></parts>
    <addrs><addr address="+6682" type="137" charset="106"/><addr address="me" type="151"/></addrs></mms>
  <mms date="1793500120000" msg_box="2" address="+6683"><parts/></mms>
  <sms address="x" date="null" type="1" body="null"/>
</smses>
"#;

#[test]
fn sms_backup_and_restore() {
    // A picture is longer than any row may be, and than what is read at once.
    let text = SMS.replace("%PICTURE%", &"QUJD".repeat(300_000));
    let options = ReadOptions::new().max_row_bytes(2_000);
    let (format, batches) = read_as(text.as_bytes(), "sms.xml", &options);
    assert_eq!(format, Format::SmsBackup);
    assert_eq!(rejects(&batches), [""; 0]);
    assert_eq!(
        rows(&batches),
        [
            "KBANK|2026-11-01T02:26:40Z|received|KBANK|รหัส OTP 482910 & ห้ามบอกใคร 😀\nบรรทัดสอง",
            "+66812345678|2026-11-01T02:27:40Z|sent|.|say \"hi\" > now",
            "+6681~+6682|2026-11-01T02:28:40Z|received|+6682|โอนด่วน\nhttps://a.example",
            "+6683|2026-11-01T02:28:40Z|sent|.|.",
            "x|.|received|x|.",
        ]
    );
    assert_eq!(batches[0].positions[0].line, Some(5));
}

#[test]
fn sms_backup_broken() {
    let text = SMS
        .replace("&#55357;&#56832;", "&#55357;")
        .replace(r#"body='say "hi" > now'"#, "")
        .replace(r#"ct="text/plain" chset="106" text="#, r#"ct="text/plain" ct="text/plain" text="#)
        .replace("</smses>", "<sms body=\"cut");
    let batches = read(&text, "sms.xml", Format::SmsBackup);
    assert_eq!(rows(&batches), ["+6683|2026-11-01T02:28:40Z|sent|.|.", "x|.|received|x|."]);
    let causes: Vec<String> =
        rejects(&batches).iter().map(|r| r.split_once(": ").unwrap().1.to_owned()).collect();
    assert_eq!(
        causes,
        [
            "lone surrogate &#55357; in an XML attribute",
            "no field `body`",
            "not valid XML in attribute 3 of the element",
            "the file is cut short here",
        ]
    );
    // An empty backup is whole.
    assert_eq!(rejects(&read("<smses count=\"0\" />", "sms.xml", Format::SmsBackup)), [""; 0]);
    // Cut between two messages, the end is missed all the same.
    let end = SMS.find("  <mms").unwrap();
    let batches = read(&SMS[..end], "sms.xml", Format::SmsBackup);
    assert_eq!((rows(&batches).len(), rejects(&batches).len()), (2, 1));
    let long = SMS.replace("482910", &"9".repeat(5_000));
    let (_, batches) = read_as(long.as_bytes(), "", &ReadOptions::new().max_row_bytes(2_000));
    assert!(rejects(&batches)[0].contains("more than the limit 2,000"), "{:?}", rejects(&batches));
    assert_eq!(rows(&batches).len(), 4);
}

#[test]
fn line_in_thai_with_buddhist_years() {
    let text = "\u{feff}[LINE] ประวัติการแชทกับ สมชาย\r\nบันทึกวันที่: 2569/11/02 08:00\r\n\r\n\
        2569/11/01(อา.)\r\n\
        12:30\tสมชาย\tโอนเงินให้หน่อย\r\n\
        12:31\tฉัน\t\"เท่าไหร่\r\n\r\nบอก \"\"เลข\"\" มา\"\r\n\
        12:32\t\tสมชายยกเลิกข้อความ\r\n\r\n\
        2569/11/02(จ.)\r\n\
        08:00 น.\tสมชาย\t[สติกเกอร์]\r\n\
        ต่อบรรทัด\r\n";
    let batches = read(text, "chat.txt", Format::Line);
    assert_eq!(rejects(&batches), [""; 0]);
    assert_eq!(
        rows(&batches),
        [
            "สมชาย|2026-11-01T12:30:00|received|สมชาย|โอนเงินให้หน่อย",
            "สมชาย|2026-11-01T12:31:00|sent|ฉัน|เท่าไหร่\n\nบอก \"เลข\" มา",
            "สมชาย|2026-11-01T12:32:00|system|.|สมชายยกเลิกข้อความ",
            "สมชาย|2026-11-02T08:00:00|received|สมชาย|[สติกเกอร์]\nต่อบรรทัด",
        ]
    );
}

#[test]
fn line_in_english_on_telephone_and_computer() {
    let text = "[LINE] Chat history in Jobs 2026\nSaved on: 11/2/2026, 8:00 AM\n\nSun, 11/1/2026\n\
        9:05 PM\tHR Anna\tEarn 3,000 a day: line.me/ti/p/x\n";
    let rows_of = |text| rows(&read(text, "chat.txt", Format::Line));
    assert_eq!(
        rows_of(text),
        ["Jobs 2026|2026-11-01T21:05:00|.|HR Anna|Earn 3,000 a day: line.me/ti/p/x"]
    );
    let text = "[LINE] Chat history with HR Anna\n\n2026.11.01 Sunday\n\
        09:05 HR Anna hello there\n09:06 Me who is this?\n";
    assert_eq!(
        rows_of(text),
        [
            "HR Anna|2026-11-01T09:05:00|received|HR Anna|hello there",
            "HR Anna|2026-11-01T09:06:00|sent|Me|who is this?",
        ]
    );
}

#[test]
fn line_broken() {
    let mut bytes =
        "[LINE] Chat history with A\nrubbish\n\n2026/11/01(Sun)\n10:00\tA\tgood\n10:01\tA\t"
            .as_bytes()
            .to_vec();
    bytes.extend(b"\xff\n10:02\tA\tmore\n\xff\xff\n");
    bytes.extend(format!("10:03\tA\t{}\n10:04\tA\tlast", "x".repeat(900)).bytes());
    let options = ReadOptions::new().max_row_bytes(500);
    let (_, batches) = read_as(&bytes, "chat.txt", &options);
    let texts: Vec<String> =
        rows(&batches).iter().map(|row| row.rsplit('|').next().unwrap().to_owned()).collect();
    assert_eq!(texts, ["good", "last"]);
    assert_eq!(
        rejects(&batches),
        [
            "1 @27: text that belongs to no message",
            "3 @65: not valid UTF-8 at byte 9 of the row",
            "4 @75: not valid UTF-8 at byte 14 of the row",
            "5 @91: row is 908 bytes, more than the limit 500",
        ]
    );
}

#[test]
fn whatsapp_on_android_and_ios() {
    let android = "01/11/2026, 12:30 - Messages and calls are end-to-end encrypted.\n\
        13/11/2026, 12:31 - สมหญิง: สวัสดีค่ะ: คุณได้รับรางวัล\nกดที่ลิงก์ https://a.example\n\n\
        13/11/2026, 12:32 - Me: <Media omitted>\n";
    let batches = read(android, "WhatsApp Chat with สมหญิง.txt", Format::WhatsApp);
    assert_eq!(
        rows(&batches),
        [
            "สมหญิง|2026-11-01T12:30:00|system|.|Messages and calls are end-to-end encrypted.",
            "สมหญิง|2026-11-13T12:31:00|received|สมหญิง|สวัสดีค่ะ: คุณได้รับรางวัล\nกดที่ลิงก์ https://a.example",
            "สมหญิง|2026-11-13T12:32:00|.|Me|<Media omitted>",
        ]
    );
    let ios = "[11/1/26, 9:05:00\u{202f}PM] +66 81 234 5678: Hi mum\n\
        \u{200e}[11/1/26, 9:06:00\u{202f}PM] +66 81 234 5678: \u{200e}image omitted\n";
    let batches = read(ios, "_chat.txt", Format::WhatsApp);
    assert_eq!(
        rows(&batches),
        [
            ".|2026-11-01T21:05:00|.|+66 81 234 5678|Hi mum",
            ".|2026-11-01T21:06:00|.|+66 81 234 5678|image omitted",
        ]
    );
}

const TELEGRAM: &str = r#"{
 "name": "งานพิเศษ",
 "type": "personal_chat",
 "id": 777,
 "messages": [
  {"id": 1, "type": "service", "date": "2026-11-01T09:00:00", "date_unixtime": "1793500000", "actor": "A", "action": "create_group", "text": ""},
  {"id": 2, "type": "message", "date": "2026-11-01T09:00:00", "from": "Anna", "from_id": "user777",
   "text": ["กด ", {"type": "text_link", "text": "ที่นี่", "href": "https://bad.example/x"}, " {\"]}", {"type": "link", "text": "t.me/x"}],
   "text_entities": []},
  {"id": 3, "type": "message", "date_unixtime": "1793500060", "from": null, "from_id": "user5", "text": "ไม่เอา"}
 ]
}"#;

#[test]
fn telegram_one_chat_and_all() {
    let batches = read(TELEGRAM, "result.json", Format::Telegram);
    let expected = [
        "งานพิเศษ|2026-11-01T02:26:40Z|system|A|.",
        "งานพิเศษ|2026-11-01T09:00:00|received|Anna|กด ที่นี่ (https://bad.example/x) {\"]}t.me/x",
        "งานพิเศษ|2026-11-01T02:27:40Z|sent|.|ไม่เอา",
    ];
    assert_eq!(rows(&batches), expected);
    let all = format!(
        r#"{{"about": "{{\"messages\": [", "personal_information": {{"user_id": 5, "name": "me"}},
        "contacts": {{"list": [{{"name": "no chat", "messages": 1}}]}},
        "chats": {{"about": "x", "list": [{TELEGRAM}, {{"type": "private_group", "id": 9, "messages": [
        {{"type": "message", "from": "B", "from_id": "user6", "text": "x"}}]}}]}}}}"#
    );
    let batches = read(&all, "result.json", Format::Telegram);
    let found = rows(&batches);
    assert_eq!(found[..3], expected);
    assert_eq!(found[3..], ["9|.|received|B|x"]);
    assert_eq!(rejects(&batches), [""; 0]);
}

#[test]
fn telegram_broken() {
    let text = TELEGRAM
        .replace("\"text\": \"ไม่เอา\"", "\"text\": 5")
        .replace("\"actor\": \"A\"", "\"actor\": \"\\ud83d\"");
    let batches = read(&text, "result.json", Format::Telegram);
    assert_eq!(rows(&batches).len(), 1);
    let causes = rejects(&batches);
    assert!(causes[0].ends_with("lone surrogate \\ud83d in a JSON string"), "{causes:?}");
    assert!(causes[1].contains("not a message of this format"), "{causes:?}");
    for cut in [TELEGRAM.find("ไม่เอา").unwrap(), TELEGRAM.len() - 4] {
        let batches = read(&TELEGRAM[..cut], "result.json", Format::Telegram);
        let causes = rejects(&batches);
        assert!(
            causes.len() == 1 && causes[0].ends_with("the file is cut short here"),
            "{causes:?}"
        );
    }
    let (_, batches) = read_as(TELEGRAM.as_bytes(), "", &ReadOptions::new().max_row_bytes(200));
    assert_eq!((rows(&batches).len(), rejects(&batches).len()), (2, 1));
}

#[test]
fn json_arrays() {
    let text = "\u{feff}[\n  {\"id\": 1, \"ข้อความ\": \"ก\\n]\"},\n  5,\n {\"ข้อความ\": \"ข\", \"id\": [{}]}\n]\n";
    let batches = read(text, "a.json", Format::JsonArray);
    assert_eq!(rows(&batches), [".|.|.|.|ก\n]", ".|.|.|.|ข"]);
    assert_eq!(rejects(&batches), ["2 @55: not a JSON object"]);
    let cut = &text[..text.len() - 10];
    let (_, batches) = read_as(cut.as_bytes(), "a.json", &ReadOptions::new());
    assert_eq!(rows(&batches).len(), 1);
    assert!(rejects(&batches)[1].ends_with("the file is cut short here"));
}

#[test]
fn plain_text_is_a_message_a_line() {
    let batches = read("พัสดุตกค้าง\r\n\r\n \tx\n", "a.txt", Format::Text);
    assert_eq!(rows(&batches), [".|.|.|.|พัสดุตกค้าง", ".|.|.|.| \tx"]);
    let (_, batches) = read_as(b"a\n\xff\nb", "a.txt", &ReadOptions::new());
    assert_eq!(rejects(&batches), ["2 @2: not valid UTF-8 at byte 1 of the row"]);
}

fn zip(path: &Path, entries: &[(&str, &[u8])]) {
    let mut archive = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in entries {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap();
}

#[test]
fn packed_dumps() {
    let folder = tempfile::tempdir().unwrap();
    let csv = "text,n\nสวัสดี,1\n";
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(csv.as_bytes()).unwrap();
    let gz = gz.finish().unwrap();
    // Two files, packed and put together, are one.
    let twice = [gz.clone(), gz.clone()].concat();
    let zst = zstd::encode_all(csv.as_bytes(), 1).unwrap();
    for (bytes, count) in [(&gz, 1), (&twice, 3), (&zst, 1)] {
        let (format, batches) = read_as(bytes, "a.csv.gz", &ReadOptions::new());
        assert_eq!((format, rows(&batches).len()), (Format::Csv, count));
    }
    // Cut, or damaged: what came before is kept, and the rest told.
    let long = csv.to_owned() + &"ข้อความยาว,2\n".repeat(50_000);
    for packed in [zstd::encode_all(long.as_bytes(), 1).unwrap(), {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        gz.write_all(long.as_bytes()).unwrap();
        gz.finish().unwrap()
    }] {
        let cut = &packed[..packed.len() - 5];
        let (_, batches) = read_as(cut, "a.csv", &ReadOptions::new());
        let causes = rejects(&batches);
        assert!(causes.len() == 1 && causes[0].contains("the file is damaged or cut short"));
    }

    let path = folder.path().join("WhatsApp Chat - แม่.zip");
    zip(
        &path,
        &[
            ("photo.jpg", b"\xff\xd8"),
            ("_chat.txt", "[1/11/2026, 10:00:00] แม่: กินข้าวยัง".as_bytes()),
        ],
    );
    let reader = Reader::open(&Input::new(&path), &ReadOptions::new()).unwrap();
    assert_eq!(reader.format(), Format::WhatsApp);
    let batches: Vec<Batch> = reader.map(Result::unwrap).collect();
    assert_eq!(rows(&batches), ["แม่|2026-11-01T10:00:00|received|แม่|กินข้าวยัง"]);

    let error =
        |path: &Path| Reader::open(&Input::new(path), &ReadOptions::new()).unwrap_err().to_string();
    zip(&path, &[("a.txt", b"x"), ("b.txt", b"y")]);
    assert!(error(&path).contains("2 dumps in the archive"), "{}", error(&path));
    zip(&path, &[("a.jpg", b"x")]);
    assert!(error(&path).contains("no text"), "{}", error(&path));
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() - 10]).unwrap();
    assert!(error(&path).contains("damaged"), "{}", error(&path));
}

/// A small file that unpacks to a line without end takes no more memory than any row.
#[test]
fn a_bomb_is_a_reject() {
    let bomb = std::io::repeat(b'x').take(64 << 20);
    let packed = zstd::encode_all((&b"text\na\n"[..]).chain(bomb), 1).unwrap();
    assert!(packed.len() < 100_000);
    let (_, batches) = read_as(&packed, "a.csv.zst", &ReadOptions::new());
    assert_eq!(rows(&batches), [".|.|.|.|a"]);
    assert_eq!(rejects(&batches), ["2 @7: row is 67,108,864 bytes, more than the limit 2,097,152"]);
}

#[test]
fn encodings() {
    let csv = "ผู้ส่ง,ข้อความ\nธนาคาร,\"โอน, ด่วน\"\n";
    let unit = |order: fn(u16) -> [u8; 2]| csv.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let thai = encoding_rs::WINDOWS_874.encode(csv).0.into_owned();
    let (little, big) = (unit(u16::to_le_bytes), unit(u16::to_be_bytes));
    for bytes in [csv.as_bytes(), &thai, &little, &big] {
        let (_, batches) = read_as(bytes, "a.csv", &ReadOptions::new());
        assert_eq!(rows(&batches), [".|.|.|ธนาคาร|โอน, ด่วน"]);
    }
    // A wrong guess can be put right, and what is no character is a reject.
    let broken = [&thai[..], b"\xdb,x\n"].concat();
    let options = ReadOptions::new().encoding(Encoding::Windows874);
    let (_, batches) = read_as(&broken, "a.csv", &options);
    assert_eq!((rows(&batches).len(), rejects(&batches).len()), (1, 1));
}
