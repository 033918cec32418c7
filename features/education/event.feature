Feature: An event counts once
  Legal education is counted by events that took place, not by those who came along. Pictures show the event and no
  child; one in ten is looked at by the head, who did not take part in it.

  Background:
    Given it is Monday 15 April 2024, 09:00

  Rule: hand_in - one event is one, however many came along
    Scenario: Wang alone
      Given Wang has held a talk on fraud
      When Wang hands in 1 picture
      Then the case is closed as "Counted"
      And it counts as substantive

    Scenario: Three came along
      Given Duan, Meng and Wu have come along to a talk on fraud that Wang held
      When Wang hands in 1 picture
      Then the case is closed as "Counted"
      And it is one event with 3 companions

  Rule: one_to_three - one to three pictures
    Scenario: Four
      Given Wang has held a talk on fraud
      When Wang hands in 4 pictures
      Then it is refused under "one_to_three"

  Rule: no_faces_of_children - no picture shows a child that can be recognised
    Scenario: The front row of a class
      Given Wang has held a talk on fraud
      When Wang hands in a picture on which children can be recognised
      Then it is refused under "no_faces_of_children"

  Rule: somebody_came - an empty room teaches nobody
    Scenario: Nobody came
      Given Wang has planned a talk on fraud
      When Wang reports that nobody came
      Then it is refused under "somebody_came"

  Rule: another_looks - what is drawn is verified by somebody who did not take part
    Scenario: The lot falls on it
      Given the lot falls on the next event
      And Wang has held a talk on fraud
      When Wang hands in 1 picture
      Then the case is "In the sample, to be verified"

    Scenario: Chen looks at it
      Given the lot falls on the next event
      And Wang has held a talk on fraud
      And Wang has handed in 1 picture
      When Chen finds that it took place
      Then the case is closed as "Counted"

    Scenario: Chen was the speaker
      Given the lot falls on the next event
      And Chen has spoken at a talk on fraud that Wang held
      And Wang has handed in 1 picture
      When Chen finds that it took place
      Then it is refused under "another_looks"

    Scenario: Nobody looks at it
      Given the lot falls on the next event
      And Wang has held a talk on fraud
      And Wang has handed in 1 picture
      When it becomes Monday 10 June 2024, 00:00
      Then the case is closed as "Not counted"
