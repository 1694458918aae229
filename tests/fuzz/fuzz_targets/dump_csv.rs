#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| ruthan_fuzz_bodies::dump_csv(bytes));
