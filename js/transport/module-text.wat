;; Decodes the text of a module (module-text.ts) in place. A table from 0 on has what each character adds: 67 for the
;; sign of a rare value, 128 for that of a high one. The text begins at 128. Returns the end of the bytes.
(module
  (memory (export "memory") 1)
  (func (export "decode") (param $end i32) (result i32)
    (local $read i32) (local $write i32) (local $code i32) (local $value i32) (local $isByte i32)
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
    (local.get $write)))
