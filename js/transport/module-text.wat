;; Decodes the text of a module: module-text.ts describes it. A table from 0 on has what each character adds: 67 for the
;; sign of a rare value, 128 for that of a high one. The text begins at 128. Returns the end of the module, which
;; begins at the end of the text.
(module
  (memory (export "memory") 1)
  ;; Where the next byte of the module is written.
  (global $out (mut i32) (i32.const 0))

  (func (export "decode") (param $end i32) (result i32)
    (local $read i32) (local $write i32) (local $code i32) (local $value i32) (local $isByte i32)
    (local $size i32) (local $numbers i32) (local $number i64)
    ;; The signs, in place. Then there are the table of opcodes at 128, and where each stream is read next at 384.
    (local.set $write (local.tee $read (i32.const 128)))
    (loop $next
      (if (i32.lt_u (local.get $read) (local.get $end)) (then
        (local.set $code (i32.load8_u (local.get $read)))
        (local.set $value (i32.add (local.get $value) (i32.load8_u (local.get $code))))
        (i32.store8 (local.get $write) (local.get $value))
        (local.set $isByte (i32.lt_u (local.get $code) (i32.const 125)))
        (local.set $write (i32.add (local.get $write) (local.get $isByte)))
        (local.set $value (select (i32.const 0) (local.get $value) (local.get $isByte)))
        (local.set $read (i32.add (local.get $read) (i32.const 1)))
        (br $next))))
    (global.set $out (local.get $end))
    (drop (call $run))
    (loop $body
      (local.set $write (global.get $out))
      ;; The size goes before the body when that is known: it has up to five bytes.
      (global.set $out (local.tee $read (i32.add (local.get $write) (i32.const 5))))
      (if (call $run) (then
        (loop $instruction
          (local.set $code (i32.load8_u (local.tee $value (i32.load (i32.const 384)))))
          (i32.store (i32.const 384) (i32.add (local.get $value) (i32.const 1)))
          (if (i32.eq (local.get $code) (i32.const 7))
            (then (drop (call $run)))
            (else
              (i32.store8 (global.get $out) (select (i32.const 11) (local.get $code) (i32.eq (local.get $code) (i32.const 6))))
              (global.set $out (i32.add (global.get $out) (i32.const 1)))
              (local.set $numbers (i32.load8_u offset=128 (local.get $code)))
              (loop $more
                (if (local.get $numbers) (then
                  (local.set $number (call $number (i32.and (local.get $numbers) (i32.const 15))))
                  (if (i32.ge_u (i32.and (local.get $numbers) (i32.const 15)) (i32.const 8))
                    (then (call $leb (i64.shr_u (local.get $number) (i64.const 1)) (i64.const 64) (i64.sub (i64.const 0) (i64.and (local.get $number) (i64.const 1)))))
                    (else (call $leb (local.get $number) (i64.const 128) (i64.const 0))))
                  (local.set $numbers (i32.shr_u (local.get $numbers) (i32.const 4)))
                  (br $more))))))
          (br_if $instruction (i32.ne (local.get $code) (i32.const 6))))
        (local.set $size (i32.sub (global.get $out) (local.get $read)))
        (global.set $out (local.get $write))
        (call $leb (i64.extend_i32_u (local.get $size)) (i64.const 128) (i64.const 0))
        (memory.copy (global.get $out) (local.get $read) (local.get $size))
        (global.set $out (i32.add (global.get $out) (local.get $size)))
        (br $body))))
    ;; No body: what is behind the last.
    (global.set $out (local.get $write))
    (drop (call $run))
    (global.get $out))

  ;; The next number of a stream.
  (func $number (param $stream i32) (result i64)
    (local $read i32) (local $digit i32) (local $value i64)
    (local.set $read (i32.load offset=384 (local.tee $stream (i32.shl (local.get $stream) (i32.const 2)))))
    (loop $next
      (local.set $digit (i32.load8_u (local.get $read)))
      (local.set $read (i32.add (local.get $read) (i32.const 1)))
      (if (i32.ge_u (local.get $digit) (i32.const 105)) (then
        (local.set $value (i64.add (i64.mul (local.get $value) (i64.const 23)) (i64.extend_i32_u (i32.sub (local.get $digit) (i32.const 105)))))
        (br $next))))
    (i32.store offset=384 (local.get $stream) (local.get $read))
    (i64.add (i64.shl (local.get $value) (i64.const 6)) (i64.extend_i32_u (local.get $digit))))

  ;; Copies a number of bytes of the first stream. Returns the number.
  (func $run (result i32)
    (local $size i32) (local $read i32)
    (local.set $size (i32.wrap_i64 (call $number (i32.const 0))))
    (memory.copy (global.get $out) (local.tee $read (i32.load (i32.const 384))) (local.get $size))
    (i32.store (i32.const 384) (i32.add (local.get $read) (local.get $size)))
    (global.set $out (i32.add (global.get $out) (local.get $size)))
    (local.get $size))

  ;; Writes a number as LEB128, whose last byte is below a limit. A negative one comes as its complement.
  (func $leb (param $value i64) (param $limit i64) (param $sign i64)
    (local $write i32)
    (local.set $write (global.get $out))
    (loop $next
      (i64.store8 (local.get $write) (i64.and (i64.xor (local.get $value) (local.get $sign)) (i64.const 127)))
      (if (i64.ge_u (local.get $value) (local.get $limit)) (then
        (i64.store8 (local.get $write) (i64.or (i64.xor (local.get $value) (local.get $sign)) (i64.const 128)))
        (local.set $write (i32.add (local.get $write) (i32.const 1)))
        (local.set $value (i64.shr_u (local.get $value) (i64.const 7)))
        (br $next))))
    (global.set $out (i32.add (local.get $write) (i32.const 1)))))
