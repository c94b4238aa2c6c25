// Judges what a ledger hands out with golang.org/x/mod/sumdb: note reads and verifies the signed notes, tlog
// the proofs. Reads a JSON list of cases from standard input; writes a JSON list of results: "" where a case
// holds, else why not. Built with GO111MODULE=off against Debian's golang-golang-x-mod-dev.
package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type testCase struct {
	Kind      string   `json:"kind"`
	Text      string   `json:"text"`
	Vkey      string   `json:"vkey"`
	Witnesses []string `json:"witnesses"`
	Body      string   `json:"body"`
	Root      string   `json:"root"`
	Bodies    []string `json:"bodies"`
}

// witness verifies cosignature/v1 lines; note itself knows the plain Ed25519 kind only.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(w.key, []byte(signed), sig[8:])
}

func newWitness(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("malformed witness key")
	}
	material, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(material) != 33 || material[0] != 4 {
		return nil, errors.New("malformed witness key material")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), material...))
	if fmt.Sprintf("%x", sum[:4]) != parts[1] {
		return nil, errors.New("wrong witness key id")
	}
	return witness{parts[0], binary.BigEndian.Uint32(sum[:4]), material[1:]}, nil
}

// open verifies a note by the log and every witness, and reads the checkpoint in it.
func open(text string, c testCase) (int64, tlog.Hash, error) {
	log, err := note.NewVerifier(c.Vkey)
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	known := []note.Verifier{log}
	for _, vkey := range c.Witnesses {
		w, err := newWitness(vkey)
		if err != nil {
			return 0, tlog.Hash{}, err
		}
		known = append(known, w)
	}
	opened, err := note.Open([]byte(text), note.VerifierList(known...))
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	if len(opened.Sigs) != len(known) || len(opened.UnverifiedSigs) != 0 {
		return 0, tlog.Hash{}, fmt.Errorf("%d of %d signatures", len(opened.Sigs), len(known))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != log.Name() {
		return 0, tlog.Hash{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return size, root, err
}

func hashes(lines []string) ([]tlog.Hash, error) {
	var found []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		found = append(found, hash)
	}
	return found, nil
}

func proof(c testCase) error {
	head, signed, ok := strings.Cut(c.Text, "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("not a proof")
	}
	lines = lines[1:]
	encoded := c.Body
	if strings.HasPrefix(lines[0], "extra ") {
		encoded, lines = strings.TrimPrefix(lines[0], "extra "), lines[1:]
	}
	body, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return err
	}
	path, err := hashes(lines[1:])
	if err != nil {
		return err
	}
	size, root, err := open(signed, c)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(path, size, root, index, tlog.RecordHash(body))
}

func consistency(c testCase) error {
	head, signed, ok := strings.Cut(c.Text, "\n\n")
	lines := strings.Split(head, "\n")
	if !ok {
		return errors.New("not a request")
	}
	old, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
	if err != nil {
		return err
	}
	path, err := hashes(lines[1:])
	if err != nil {
		return err
	}
	before, err := tlog.ParseHash(c.Root)
	if err != nil {
		return err
	}
	size, root, err := open(signed, c)
	if err != nil {
		return err
	}
	return tlog.CheckTree(path, size, root, old, before)
}

// tree makes the tree from the bodies alone.
func tree(c testCase) error {
	size, root, err := open(c.Text, c)
	if err != nil {
		return err
	}
	var stored []tlog.Hash
	read := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	for i, encoded := range c.Bodies {
		body, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return err
		}
		made, err := tlog.StoredHashes(int64(i), body, read)
		if err != nil {
			return err
		}
		stored = append(stored, made...)
	}
	found, err := tlog.TreeHash(size, read)
	if err != nil {
		return err
	}
	if found != root {
		return fmt.Errorf("expected the root %v, found %v", root, found)
	}
	return nil
}

// sign makes a key and a note of its own, for the ledger's reader to judge.
func sign(c testCase) (string, error) {
	private, public, err := note.GenerateKey(rand.Reader, c.Vkey)
	if err != nil {
		return "", err
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		return "", err
	}
	signed, err := note.Sign(&note.Note{Text: c.Text}, signer)
	return public + "\n" + string(signed), err
}

func main() {
	var cases []testCase
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	results := []string{}
	for _, c := range cases {
		var err error
		said := ""
		switch c.Kind {
		case "proof":
			err = proof(c)
		case "consistency":
			err = consistency(c)
		case "tree":
			err = tree(c)
		case "sign":
			said, err = sign(c)
		default:
			err = errors.New("unknown kind of case")
		}
		if err != nil {
			said = err.Error()
			if said == "" {
				said = "refused"
			}
		}
		results = append(results, said)
	}
	if err := json.NewEncoder(os.Stdout).Encode(results); err != nil {
		panic(err)
	}
}
