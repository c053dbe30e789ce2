using System;

namespace Sluice.Explore;

/// <summary>The states that were seen, in the order in which they were found.</summary>
internal sealed class StateSet
{
    private byte[] _arena = new byte[1 << 14];
    private int _used;
    private int[] _starts = new int[257];
    private uint[] _hashes = new uint[256];
    private int[] _table = new int[512];

    public int Count { get; private set; }

    public byte[] Arena => _arena;

    public int Bytes => _used;

    public int Start(int state) => _starts[state];

    public int Length(int state) => _starts[state + 1] - _starts[state];

    /// <summary>The number of the state; a new one when it was not seen before.</summary>
    public int Add(byte[] bytes, int length, out bool isNew)
    {
        var hash = Hash(bytes, length);
        var mask = (uint)_table.Length - 1;
        var slot = hash & mask;
        for (; _table[slot] != 0; slot = (slot + 1) & mask)
        {
            var state = _table[slot] - 1;
            if (_hashes[state] == hash && Length(state) == length && _arena.AsSpan(_starts[state], length).SequenceEqual(bytes.AsSpan(0, length)))
            {
                isNew = false;
                return state;
            }
        }

        isNew = true;
        _table[slot] = Count + 1;
        if (_used + length > _arena.Length)
        {
            Array.Resize(ref _arena, Math.Max(_arena.Length * 2, _used + length));
        }

        Buffer.BlockCopy(bytes, 0, _arena, _used, length);
        _used += length;
        if (Count == _hashes.Length)
        {
            Array.Resize(ref _hashes, Count * 2);
            Array.Resize(ref _starts, (Count * 2) + 1);
        }

        _hashes[Count] = hash;
        Count++;
        _starts[Count] = _used;
        if (Count * 2 > _table.Length)
        {
            Grow();
        }

        return Count - 1;
    }

    private void Grow()
    {
        _table = new int[_table.Length * 2];
        var mask = (uint)_table.Length - 1;
        for (var state = 0; state < Count; state++)
        {
            var slot = _hashes[state] & mask;
            while (_table[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            _table[slot] = state + 1;
        }
    }

    private static uint Hash(byte[] bytes, int length)
    {
        var hash = 2166136261;
        for (var i = 0; i < length; i++)
        {
            hash = (hash ^ bytes[i]) * 16777619;
        }

        hash ^= hash >> 15;
        hash *= 0x85EBCA6B;
        return hash ^ (hash >> 13);
    }
}
